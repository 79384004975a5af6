import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `npm run dev` serves the console with live reload in front of a running gateway.
const gateway = process.env.PARLEY_GATEWAY ?? "http://localhost:8080";

export default defineConfig({
  base: "/console/",
  plugins: [react()],
  build: { outDir: "dist", assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: {
    proxy: { "/api": { target: gateway, ws: true }, "/auth": gateway },
  },
});
