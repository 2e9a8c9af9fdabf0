using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Event = Son1kVers3.Contracts.Event;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>Makes at-least-once delivery exactly-once in effect: message id, effect and answering events are one transaction.</summary>
internal sealed class InboxConsumer<TMessage, THandler>(
    DbContext db, Outbox outbox, THandler handler, Subscription<TMessage, THandler> subscription, TimeProvider clock)
    : IConsumer<TMessage>
    where TMessage : class
    where THandler : class, IHandle<TMessage>
{
    public async Task Consume(ConsumeContext<TMessage> context)
    {
        var cancellationToken = context.CancellationToken;
        var messageId = context.MessageId ?? throw new InvalidOperationException($"{typeof(TMessage).Name} came without a message id.");
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await IsDuplicateAsync(messageId, cancellationToken))
            return;
        if (subscription.Order is not { } order || await IsNewestAsync(order, (Event)(object)context.Message, cancellationToken))
        {
            foreach (var follows in await handler.HandleAsync(context.Message, cancellationToken))
                outbox.Publish(follows);
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<bool> IsDuplicateAsync(Guid messageId, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO inbox (consumer, message_id, processed_at) VALUES ({subscription.Queue}, {messageId}, {clock.GetUtcNow()}) ON CONFLICT DO NOTHING",
            cancellationToken) == 0;

    private async Task<bool> IsNewestAsync(string order, Event message, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO inbox_sequences AS known (consumer, aggregate_id, sequence) VALUES ({order}, {message.AggregateId}, {message.Sequence})
            ON CONFLICT (consumer, aggregate_id) DO UPDATE SET sequence = excluded.sequence WHERE known.sequence < excluded.sequence
            """,
            cancellationToken) == 1;
}

/// <summary>What one queue of this service is for.</summary>
/// <param name="Order">Under which name the sequences that were applied are remembered; null applies events in any order.</param>
internal sealed record Subscription<TMessage, THandler>(string Queue, string? Order);

internal sealed class AnsweringConsumer<TQuestion, TAnswer, THandler>(THandler handler) : IConsumer<TQuestion>
    where TQuestion : class
    where TAnswer : class
    where THandler : class, IAnswer<TQuestion, TAnswer>
{
    public async Task Consume(ConsumeContext<TQuestion> context) =>
        await context.RespondAsync(await handler.AnswerAsync(context.Message, context.CancellationToken));
}
