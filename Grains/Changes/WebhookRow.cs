using Actors.Storage;
using Npgsql;

namespace Actors.Changes;

/// <summary>How webhooks and dead letters are read from their rows; shared by the stores that select them.</summary>
internal static class WebhookRow
{
    /// <summary>What to select from <c>webhooks</c>, in the order <see cref="Read"/> expects.</summary>
    public const string Columns =
        "id, url, client_id, events, disabled_at, disabled_reason, position, delivered_at, failures, last_error, next_attempt_at, created_at, updated_at";

    /// <summary>The same with what requests are signed with, for <see cref="ReadTarget"/>.</summary>
    public const string TargetColumns = $"{Columns}, secret, previous_secret, previous_secret_until";

    /// <summary>What to select from <c>webhook_dead_letters</c>, in the order <see cref="ReadLetter"/> expects.</summary>
    public const string LetterColumns = "id, webhook_id, seqs, attempts, last_error, retry_at is not null, created_at, tried_at";

    public static WebhookRecord Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetString(1),
        reader.TextOrNull(2),
        [.. reader.GetFieldValue<string[]>(3)],
        reader.ValueOrNull<DateTimeOffset>(4),
        reader.TextOrNull(5),
        reader.GetString(6),
        reader.ValueOrNull<DateTimeOffset>(7),
        reader.GetInt32(8),
        reader.TextOrNull(9),
        reader.ValueOrNull<DateTimeOffset>(10),
        reader.GetFieldValue<DateTimeOffset>(11),
        reader.GetFieldValue<DateTimeOffset>(12));

    public static WebhookTarget ReadTarget(NpgsqlDataReader reader) => new(
        Read(reader),
        reader.GetFieldValue<byte[]>(13),
        reader.IsDBNull(14) ? null : reader.GetFieldValue<byte[]>(14),
        reader.ValueOrNull<DateTimeOffset>(15));

    public static DeadLetter ReadLetter(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetGuid(1),
        [.. reader.GetFieldValue<long[]>(2)],
        reader.GetInt32(3),
        reader.GetString(4),
        reader.GetBoolean(5),
        reader.GetFieldValue<DateTimeOffset>(6),
        reader.GetFieldValue<DateTimeOffset>(7));
}
