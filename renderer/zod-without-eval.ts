import { z } from 'zod';

// The content security policy forbids `new Function`, which zod otherwise probes for. Imported before any schema parses.
z.config({ jitless: true });
