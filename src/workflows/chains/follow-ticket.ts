import { defineChain } from '../define-chain.ts';

/** A ticket has come or changed: follows it, records its first answer, and tells team and customer of each escalation once. */
export default defineChain({
  name: 'follow-ticket',
  on: ['ticket.created', 'ticket.updated'],
  summary: ({ data }) => `Ticket ${data.number}`,

  async run({ type, data: ticket }, { agents, all }) {
    const { escalations, answer } = await agents.support.follow({ ticket, type });
    if (answer !== null) await agents.support.recordFirstAnswer(answer);
    const { id, number, subject, requester } = ticket;
    const to = requester.email;
    // keys of their own: what has been told of an escalation stays told, however the run is repaired
    await all(
      escalations.flatMap((escalation) => {
        const key = `escalation-${escalation.number}`;
        const team = () => agents.support.tellTeam({ ticket: { id, number, subject }, escalation }, { key });
        return to === null
          ? [team]
          : [team, () => agents.email.sendTicketEscalated({ to, ticket: { number, subject, requester } }, { key })];
      }),
    );
    return { escalations: escalations.map((escalation) => escalation.number) };
  },
});
