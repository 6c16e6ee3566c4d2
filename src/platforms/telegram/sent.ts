import { z } from 'zod';

const Sent = z.object({ message_id: z.number(), chat: z.object({ id: z.number() }) });

/** The message that was sent. Throws for an answer that is none, which something in between can have given. */
export function sentMessage<M extends z.infer<typeof Sent>>(message: M): M {
  Sent.parse(message);
  return message;
}
