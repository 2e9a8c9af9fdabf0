using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing.Quotas;

/// <summary>Answers generation's question for a unit. Publishes nothing but the first denial of a bucket.</summary>
internal sealed class ReserveQuotaAnswer(QuotaLedger ledger, ExhaustedBuckets exhausted) : IAnswer<ReserveQuota, QuotaDecision>
{
    public async Task<QuotaDecision> AnswerAsync(ReserveQuota question, CancellationToken cancellationToken)
    {
        var result = await ReserveAsync(question, cancellationToken);
        if (result is { Outcome: QuotaOutcome.QuotaExceeded, Balance.ExhaustedPublished: false })
            await exhausted.PublishAsync(question.UserId, result, cancellationToken);
        return QuotaRules.Decide(question, result);
    }

    private async Task<ReserveResult> ReserveAsync(ReserveQuota question, CancellationToken cancellationToken)
    {
        try
        {
            return await ledger.ReserveAsync(question, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Another member took the same id in the same instant; asked again, the statement finds it and says so.
            return await ledger.ReserveAsync(question, cancellationToken);
        }
    }
}

/// <summary>Publishes once for each bucket that somebody asked for more than it holds.</summary>
internal sealed class ExhaustedBuckets(NpgsqlDataSource database, Outbox outbox)
{
    public async Task PublishAsync(Guid userId, ReserveResult result, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The member's row first, as everywhere.
        await using var mark = new NpgsqlCommand(
            """
            WITH member AS (SELECT user_id FROM lock_account($1)),
            marked AS (
                UPDATE buckets b SET exhausted_published = true FROM member
                WHERE b.user_id = member.user_id AND b.allowance = $2 AND b.period_start = $3 AND NOT b.exhausted_published
                    RETURNING b.user_id
            )
            UPDATE accounts a SET sequence = a.sequence + 1 FROM marked WHERE a.user_id = marked.user_id RETURNING a.sequence
            """,
            connection,
            transaction)
        {
            Parameters = { new() { Value = userId }, new() { Value = (short)result.Allowance }, new() { Value = result.PeriodStart } },
        };
        if (await mark.ExecuteScalarAsync(cancellationToken) is not long sequence)
            return;
        var message = new QuotaExhausted
        {
            UserId = userId,
            Tier = result.Tier,
            Allowance = result.Allowance,
            ResetAt = result.ResetAt,
            Sequence = sequence,
        };
        await using (var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { outbox.Command(message) } })
            await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        outbox.Committed();
    }
}
