// The content security policy lets only styles of this page in; those that a library adds while a dialog is open (so
// that the page behind does not scroll) carry the nonce that the server wrote into the page.
export function allowOwnStyles(): void {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
  if (nonce) Object.assign(globalThis, { __webpack_nonce__: nonce });
}

export function styleNonce(): string | undefined {
  return (globalThis as { __webpack_nonce__?: string }).__webpack_nonce__;
}
