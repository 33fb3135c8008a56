// The export card: a CSV begins to download when the server says that it may.

document.body.addEventListener("export-download", (event) => {
  const link = document.createElement("a");
  link.href = event.detail.value;
  link.download = ""; // the server names it; a failure is the browser's to tell, and the page stays
  link.click();
});
