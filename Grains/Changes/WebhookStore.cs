using System.Security.Cryptography;
using Actors.Idempotency;
using Actors.Storage;
using Microsoft.Extensions.Options;
using NpgsqlTypes;

namespace Actors.Changes;

/// <summary>The SQL of <see cref="WebhookGrain"/> for whoever manages a webhook. Each write is one transaction, with the kept answer, if any.</summary>
internal sealed partial class WebhookStore(Database database, ChangeFeedStore feed, IOptions<WebhookOptions> options, TimeProvider time)
{
    private const int SecretBytes = 32;

    // Two that are made at the same moment may be one too many, which is no harm.
    private const string Insert =
        $"""
        insert into webhooks (id, url, client_id, events, secret, position, created_at, updated_at)
        select $1, $2, $3, $4, $5, $6, $7, $7 where (select count(*) from webhooks) < $8
        returning {WebhookRow.Columns}
        """;

    private const string Update =
        $"""
        update webhooks
           set url = coalesce($2, url), events = coalesce($3, events),
               disabled_at = case when $4 then null when not $4 then coalesce(disabled_at, $7) else disabled_at end,
               disabled_reason = case when $4 then null when not $4 then coalesce(disabled_reason, 'operator') else disabled_reason end,
               previous_secret = case when $5::bytea is null then previous_secret else secret end,
               previous_secret_until = case when $5::bytea is null then previous_secret_until else $6 end,
               secret = coalesce($5, secret), failures = 0, next_attempt_at = null, updated_at = $7
         where id = $1
        returning {WebhookRow.Columns}
        """;

    private const string DeleteWebhook = "delete from webhooks where id = $1";

    private const string MarkLetter = $"update webhook_dead_letters set retry_at = $3 where webhook_id = $1 and id = $2 returning {WebhookRow.LetterColumns}";

    private const string RemoveLetter = "delete from webhook_dead_letters where webhook_id = $1 and id = $2";

    public async Task<WebhookAnswer> CreateAsync(Guid id, NewWebhook webhook, CancellationToken cancellationToken)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var end = await feed.ReadAsync(new ChangeFeedRequest(ChangeFeedRequest.Now, new([]), null, 1, TimeSpan.Zero), cancellationToken);
        var now = time.GetUtcNow();
        return await WriteAsync(async connection =>
        {
            var made = await connection.QueryAsync(
                Insert, WebhookRow.Read,
                SqlValues.Uuid(id), SqlValues.Text(webhook.Url), SqlValues.Text(webhook.ClientId), SqlValues.Texts(webhook.Events), Bytes(secret), SqlValues.Text(end.Next),
                SqlValues.Time(now), SqlValues.Integer(NewWebhook.MaxWebhooks));
            var answer = new WebhookAnswer(
                made.SingleOrDefault() ?? throw new WebhookRefusedException(
                    "too_many_webhooks", $"There are {NewWebhook.MaxWebhooks} webhooks already; delete those that are not used."),
                Shown(secret));
            await connection.KeepAnswerAsync(webhook.IdempotencyKey, webhook.ClientId, answer, KeptAnswerJson.Default.WebhookAnswer, now);
            return answer;
        });
    }

    /// <returns>Null: there is no such webhook.</returns>
    public async Task<WebhookAnswer?> ChangeAsync(Guid id, WebhookChange change)
    {
        var secret = change.RotatesSecret ? RandomNumberGenerator.GetBytes(SecretBytes) : null;
        var now = time.GetUtcNow();
        return await WriteAsync(async connection =>
        {
            var changed = await connection.QueryAsync(
                Update, WebhookRow.Read,
                SqlValues.Uuid(id), SqlValues.Text(change.Url), SqlValues.Texts(change.Events ?? default), SqlValues.Boolean(change.IsEnabled), Bytes(secret),
                SqlValues.Time(now + options.Value.SecretOverlap), SqlValues.Time(now));
            return changed.SingleOrDefault() is { } webhook ? new WebhookAnswer(webhook, secret is null ? null : Shown(secret)) : null;
        });
    }

    /// <returns>Whether there was one.</returns>
    public Task<bool> DeleteAsync(Guid id) => WriteAsync(async connection => await connection.ExecuteAsync(DeleteWebhook, SqlValues.Uuid(id)) > 0);

    /// <returns>Null: there is no such letter.</returns>
    public Task<DeadLetter?> RetryLetterAsync(Guid id, Guid letterId, TimeSpan delay, IdempotencyKey? key) => WriteAsync(async connection =>
    {
        var now = time.GetUtcNow();
        var marked = await connection.QueryAsync(MarkLetter, WebhookRow.ReadLetter, SqlValues.Uuid(id), SqlValues.Uuid(letterId), SqlValues.Time(now + delay));
        if (marked.SingleOrDefault() is not { } letter)
        {
            return null;
        }

        await connection.KeepAnswerAsync(key, clientId: null, letter, KeptAnswerJson.Default.DeadLetter, now);
        return letter;
    });

    /// <returns>Whether there was one.</returns>
    public Task<bool> DeleteLetterAsync(Guid id, Guid letterId) =>
        WriteAsync(async connection => await connection.ExecuteAsync(RemoveLetter, SqlValues.Uuid(id), SqlValues.Uuid(letterId)) > 0);

    private Task<T> WriteAsync<T>(Func<Npgsql.NpgsqlConnection, Task<T>> write) => database.WriteTransactionAsync(write, _ => null);

    private static string Shown(byte[] secret) => $"whsec_{Convert.ToBase64String(secret)}";

    private static Npgsql.NpgsqlParameter Bytes(byte[]? value) => SqlValues.Value(NpgsqlDbType.Bytea, value);
}
