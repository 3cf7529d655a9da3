/** A small picture of an image file, made by the browser from the file itself. */

/** Types that every browser shows; SVG only ever runs its scripts where it is opened, and is left out all the same. */
const shown = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;
/** Beyond it the picture would cost more memory than it is worth. */
const largest = 25 * 1024 * 1024;

/** Undefined for a file that is no image. Where it cannot be shown after all, `onFailure` is told. */
export function previewOf(file: File, onFailure: () => void): HTMLImageElement | undefined {
  if (!shown.test(file.type) || file.size > largest) return undefined;
  const address = URL.createObjectURL(file);
  const image = new Image();
  const revoke = () => URL.revokeObjectURL(address);
  image.addEventListener("load", revoke, { once: true });
  image.addEventListener("error", () => {
    revoke();
    onFailure();
  });
  image.alt = "";
  image.decoding = "async";
  image.src = address;
  return image;
}
