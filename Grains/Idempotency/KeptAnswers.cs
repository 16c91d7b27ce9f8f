using System.Collections.Immutable;
using Npgsql;

namespace Actors.Idempotency;

/// <summary>The command by which a write keeps its answer in its own transaction.</summary>
internal static class KeptAnswers
{
    /// <summary>SQLSTATE of <see cref="Sql"/> when one of the keys is taken.</summary>
    public const string Taken = "PM005";

    private const string Sql = "select keep_answers($1, $2, $3, $4, $5, $6, $7, $8)";

    // What a write did; the edge knows which status that is.
    private const int Done = 200;

    public static NpgsqlBatchCommand Keep(KeptWrite[] writes) => new(Sql)
    {
        Parameters =
        {
            new() { Value = Array.ConvertAll(writes, w => w.ClientId) },
            new() { Value = Array.ConvertAll(writes, w => w.Key.ApiKeyId) },
            new() { Value = Array.ConvertAll(writes, w => w.Key.Path) },
            new() { Value = Array.ConvertAll(writes, w => w.Key.Key) },
            new() { Value = Array.ConvertAll(writes, w => w.Key.RequestHash.ToArray()) },
            new() { Value = Array.ConvertAll(writes, _ => Done) },
            new() { Value = Array.ConvertAll(writes, w => w.Answer.ToArray()) },
            new() { Value = Array.ConvertAll(writes, w => w.KeptFrom.ToUniversalTime()) },
        },
    };
}

/// <summary>An answer to keep.</summary>
/// <param name="ClientId">Whose data it is about; null: nobody's.</param>
/// <param name="Key">The key of its request.</param>
/// <param name="Answer">What the grain answers.</param>
/// <param name="KeptFrom">From when on it is kept.</param>
internal sealed record KeptWrite(string? ClientId, IdempotencyKey Key, ImmutableArray<byte> Answer, DateTimeOffset KeptFrom);
