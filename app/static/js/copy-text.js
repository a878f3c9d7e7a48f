// A button that copies a text of the page. Without it the text can be marked and copied as any other.
for (const button of document.querySelectorAll("[data-copies]")) {
  const text = document.getElementById(button.dataset.copies);
  const said = button.parentElement.querySelector('[role="status"]');
  button.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = "";
    if (await copied(text)) said.textContent = button.dataset.done;
  });
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text.textContent);
    return true;
  } catch {
    // No clipboard for scripts here: the text is marked, and the keys copy it.
    getSelection().selectAllChildren(text);
    return false;
  }
}
