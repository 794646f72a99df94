// Light or dark: follows the system until the reader chooses, then remembers the choice here.
{
  const root = document.documentElement;
  const KEY = "theme";
  const CHOICES = ["auto", "light", "dark"];

  function show(choice) {
    if (choice === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", choice);
  }

  function remembered() {
    const choice = localStorage.getItem(KEY);
    return CHOICES.includes(choice) ? choice : "auto";
  }

  // Before the first paint, or the page would flash.
  show(remembered());

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-theme-switch]");
    if (!button) return;
    let choice = remembered();
    const label = () => {
      button.textContent = button.dataset[choice];
      button.setAttribute("aria-label", `${button.dataset.label}: ${button.dataset[choice]}`);
    };
    button.addEventListener("click", () => {
      choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length];
      localStorage.setItem(KEY, choice);
      show(choice);
      label();
    });
    label();
    button.hidden = false;
  });
}
