using System.Collections.Immutable;
using Actors.Storage;
using NpgsqlTypes;

namespace Actors.Changes;

// What delivery reads and notes. Each note names the position it goes on from: of two activations, one gets no further.
internal sealed partial class WebhookStore
{
    private const string SelectTarget = $"select {WebhookRow.TargetColumns} from webhooks where id = $1";

    private const string SelectDueLetter =
        $"select {WebhookRow.LetterColumns} from webhook_dead_letters where webhook_id = $1 and retry_at <= $2 order by retry_at, id limit 1";

    private const string MovePosition = "update webhooks set position = $3 where id = $1 and position = $2";

    private const string NoteDelivery =
        "update webhooks set position = $3, delivered_at = $4, failures = 0, last_error = null, next_attempt_at = null where id = $1 and position = $2";

    private const string NoteFailure = "update webhooks set failures = failures + 1, last_error = $3, next_attempt_at = $4 where id = $1 and position = $2";

    private const string Disable = "update webhooks set disabled_at = $3, disabled_reason = 'gone', last_error = $4 where id = $1 and position = $2";

    private const string GiveUp =
        """
        with moved as (
            update webhooks set position = $3, failures = 0, last_error = $4, next_attempt_at = null where id = $1 and position = $2 returning id)
        insert into webhook_dead_letters (webhook_id, seqs, attempts, last_error, created_at, tried_at) select id, $5, $6, $4, $7, $7 from moved
        """;

    private const string NoteLetterFailure =
        "update webhook_dead_letters set attempts = attempts + 1, last_error = $3, retry_at = null, tried_at = $4 where webhook_id = $1 and id = $2";

    /// <summary>The webhook with its secrets, as it is now; null: there is none.</summary>
    public async Task<WebhookTarget?> FindTargetAsync(Guid id, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectTarget, WebhookRow.ReadTarget, cancellationToken, SqlValues.Uuid(id))).SingleOrDefault();

    /// <summary>The letter to be tried first; null: none.</summary>
    public async Task<DeadLetter?> FindDueLetterAsync(Guid id, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectDueLetter, WebhookRow.ReadLetter, cancellationToken, SqlValues.Uuid(id), SqlValues.Time(time.GetUtcNow()))).SingleOrDefault();

    public Task MoveAsync(WebhookRecord from, string position) =>
        WriteAsync(connection => connection.ExecuteAsync(MovePosition, [.. Of(from), SqlValues.Text(position)]));

    public Task DeliveredAsync(WebhookRecord from, string position) =>
        WriteAsync(connection => connection.ExecuteAsync(NoteDelivery, [.. Of(from), SqlValues.Text(position), SqlValues.Time(time.GetUtcNow())]));

    public Task FailedAsync(WebhookRecord from, string error, DateTimeOffset nextAttemptAt) =>
        WriteAsync(connection => connection.ExecuteAsync(NoteFailure, [.. Of(from), SqlValues.Text(error), SqlValues.Time(nextAttemptAt)]));

    public Task DisableAsync(WebhookRecord from, string error) =>
        WriteAsync(connection => connection.ExecuteAsync(Disable, [.. Of(from), SqlValues.Time(time.GetUtcNow()), SqlValues.Text(error)]));

    public Task GiveUpAsync(WebhookRecord from, string position, string error, ImmutableArray<long> seqs) => WriteAsync(connection => connection.ExecuteAsync(
        GiveUp,
        [
            .. Of(from), SqlValues.Text(position), SqlValues.Text(error), SqlValues.Value(NpgsqlDbType.Array | NpgsqlDbType.Bigint, seqs.ToArray()),
            SqlValues.Integer(from.Failures + 1), SqlValues.Time(time.GetUtcNow()),
        ]));

    public Task LetterFailedAsync(DeadLetter letter, string error) => WriteAsync(connection => connection.ExecuteAsync(
        NoteLetterFailure, SqlValues.Uuid(letter.WebhookId), SqlValues.Uuid(letter.Id), SqlValues.Text(error), SqlValues.Time(time.GetUtcNow())));

    private static Npgsql.NpgsqlParameter[] Of(WebhookRecord webhook) => [SqlValues.Uuid(webhook.Id), SqlValues.Text(webhook.Position)];
}
