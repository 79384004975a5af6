import { Badge, createTheme } from "@mantine/core";

/** Parley's look: one teal, large targets, the system's own fonts. */
export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: { light: 9, dark: 5 },
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  components: { Badge: Badge.extend({ defaultProps: { tt: "none" } }) },
});
