// Light or dark: as the system has it until the reader chooses; the choice is remembered here.
{
  const KEY = "theme";
  const CHOICES = ["auto", "light", "dark"];
  const root = document.documentElement;
  const remembered = localStorage.getItem(KEY);
  let choice = CHOICES.includes(remembered) ? remembered : "auto";

  const show = () => {
    if (choice === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", choice);
  };

  // Before the first paint, or the page would flash.
  show();

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector(".theme");
    const label = () => {
      button.setAttribute("aria-label", button.dataset[choice]);
      button.title = button.dataset[choice];
    };
    button.addEventListener("click", () => {
      choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length];
      localStorage.setItem(KEY, choice);
      show();
      label();
    });
    label();
    button.hidden = false;
  });
}
