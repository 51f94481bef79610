// The theme leaves what unfolds its navigation without a name for screen readers.
for (const toggle of document.querySelectorAll("summary > .toctree-toggle")) {
  toggle.parentElement.setAttribute("aria-label", "Show or hide the pages below this one");
}
