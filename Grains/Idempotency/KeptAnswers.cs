using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Idempotency;

/// <summary>The command by which a write keeps its answer in its own transaction.</summary>
internal static class KeptAnswers
{
    /// <summary>SQLSTATE of <see cref="Sql"/> when one of the keys is taken.</summary>
    public const string Taken = "PM005";

    private const string Sql = "select keep_answers($1, $2, $3, $4, $5, $6, $7, $8)";

    // What a write did; the edge knows which status that is.
    private const int Done = 200;

    /// <param name="clientId">Whose data the answers are about; null: nobody's.</param>
    /// <param name="answers">The answers, each with the key of its request.</param>
    /// <param name="now">From when on they are kept.</param>
    public static NpgsqlBatchCommand Keep(
        string? clientId, ImmutableArray<(IdempotencyKey Key, ImmutableArray<byte> Body)> answers, DateTimeOffset now) => new(Sql)
    {
        Parameters =
        {
            new() { Value = clientId ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = answers.Select(a => a.Key.ApiKeyId).ToArray() },
            new() { Value = answers.Select(a => a.Key.Path).ToArray() },
            new() { Value = answers.Select(a => a.Key.Key).ToArray() },
            new() { Value = answers.Select(a => a.Key.RequestHash.ToArray()).ToArray() },
            new() { Value = answers.Select(_ => Done).ToArray() },
            new() { Value = answers.Select(a => a.Body.ToArray()).ToArray() },
            new() { Value = now.ToUniversalTime() },
        },
    };
}
