// @ts-check
/** The gallery's controls: a choice shows at once, and what is the default stays out of the address. */

const choices = /** @type {HTMLFormElement} */ (document.getElementById("choices"));

choices.addEventListener("change", () => choices.requestSubmit());
choices.addEventListener("formdata", ({ formData }) => {
  for (const control of choices.querySelectorAll("select")) {
    if (control.selectedIndex === 0) {
      formData.delete(control.name);
    }
  }
});
