export const reach = () => FRAME_CSS;
