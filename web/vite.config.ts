/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const gateway = process.env.GATEWAY_URL ?? 'http://localhost:8080';
const behindTheGateway = ['/api', '/.well-known', '/openapi', '/asyncapi', '/health', '/docs', '/oembed'];

// Few files instead of one per icon: six requests go at a time over HTTP/1.1, and larger files compress better.
const groups = [
  { name: 'frame', tags: ['$initial' as const], test: (id: string) => !/index\.html|\/main\.tsx$/.test(id), priority: 2 },
  { name: 'shared', test: /\.[jt]sx?$/, minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 2000, priority: 1 },
];

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [react(), tailwind()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: Object.fromEntries(behindTheGateway.map(path => [path, { target: gateway, changeOrigin: false }])) },
  build: {
    target: 'es2023', cssCodeSplit: false, manifest: true, assetsInlineLimit: 0, modulePreload: { polyfill: false },
    rolldownOptions: { output: isSsrBuild ? {} : { codeSplitting: { groups }, chunkFileNames: ({ name }: { name: string }) => `assets/${name.replace(/~.*/, '')}-[hash].js` } },
  },
  // One window for all files: they test pure parts.
  test: { environment: 'jsdom', isolate: false, include: ['src/**/*.test.{ts,tsx}'] },
}));
