// Zod as the contract uses it. Import `z` from here: the product runs without code generation, so zod must not try it.
import { z } from "zod";

z.config({ jitless: true });

export { z };
