// Says that the connection is gone while it is gone. What a page does about that is for the page itself.
const notice = document.querySelector("[data-offline]");

function show() {
  notice.hidden = navigator.onLine;
}

if (notice) {
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
