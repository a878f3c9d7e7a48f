/* Asks the browser for a passkey, and sends what it answers. The options stand in the page; nothing is kept here. */

const form = document.querySelector("form[data-passkey]");

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function opened(options) {
  const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  const found = { ...options, challenge: bytes(options.challenge) };
  if (options.user) {
    found.user = { ...options.user, id: bytes(options.user.id) };
    found.excludeCredentials = named(options.excludeCredentials);
  } else {
    found.allowCredentials = named(options.allowCredentials);
  }
  return found;
}

function closed(credential) {
  const { response } = credential;
  const parts = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) {
      parts[name] = text(response[name]);
    }
  }
  if (response.getTransports) {
    parts.transports = response.getTransports();
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: parts,
    extensions: JSON.stringify(credential.getClientExtensionResults()),
  };
}

async function ask() {
  const publicKey = opened(JSON.parse(form.dataset.options));
  const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
  form.elements.credential.value = JSON.stringify(closed(credential));
  form.submit();
}

if (form) {
  ask().catch(() => {
    document.querySelector("[data-passkey-asks]").hidden = true;
    document.querySelector("[data-passkey-failed]").hidden = false;
  });
}
