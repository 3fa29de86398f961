import { IMAGES } from "../../../components/plan/catalogue/images";

describe("images of others", () => {
  it.each(Object.entries(IMAGES))("%s is named with its registry and a version, never latest", (_, image) => {
    expect(image).toMatch(/^[a-z]+\.[a-z]+\/[a-z0-9/-]+:v?\d+\.\d+\.\d+[\w.-]*$/);
  });
});
