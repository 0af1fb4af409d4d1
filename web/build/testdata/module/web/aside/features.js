export const list = () => FEATURES;
