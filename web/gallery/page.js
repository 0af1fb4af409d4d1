// @ts-check
/** The gallery's controls: a choice is applied at once, and default values are left out of the address. */

const choices = /** @type {HTMLFormElement} */ (document.getElementById("choices"));

choices.addEventListener("change", () => choices.requestSubmit());
choices.addEventListener("formdata", ({ formData }) => {
  for (const control of choices.querySelectorAll("select")) {
    if (control.selectedIndex === 0) {
      formData.delete(control.name);
    }
  }
});
