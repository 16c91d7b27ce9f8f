using System.Collections.Immutable;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Changes;

// What those who wait for changes want to know.
internal sealed partial class ChangeFeedStore
{
    private const string SelectClients =
        $"""
        select distinct client_id from (
            select client_id from change_log where seq > $1 and seq <= $2 and {ChangeRow.IsFed} and {BecameVisible}) changed
        limit $5
        """;

    private const string SelectOldestTransaction =
        """
        select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::double precision from pg_stat_activity
        where datname = current_database() and backend_xid is not null
        """;

    private const int MostLookedAt = 1_000;

    /// <summary>Whose memories have changed since the look before.</summary>
    /// <param name="before">What that look gave; null: it is the first.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<FeedLook> LookAsync(FeedLook? before, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            var now = await SelectNowAsync(connection, SelectNow, cancellationToken);
            if (before is null || before.Epoch != now.Epoch)
            {
                return new FeedLook(now.Epoch, now.SnapshotAfter(FeedSnapshot.Oldest(now.PrunedToSeq)), default);
            }

            var seen = now.SnapshotAfter(before.Seen);
            var (low, high) = (before.Seen.LastSeenBy(seen), seen.LastSeq);
            var clients = high - low > Step ? default : await SelectClientsAsync(connection, before.Seen, seen, (low, high), cancellationToken);
            return new FeedLook(now.Epoch, seen, clients);
        },
        cancellationToken);

    /// <summary>Age, in seconds, of the oldest open transaction that has written something; 0: none.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<double> OldestTransactionAsync(CancellationToken cancellationToken) =>
        Math.Max(0, (await database.SelectAsync(SelectOldestTransaction, reader => reader.GetDouble(0), cancellationToken))[0]);

    private static async Task<ImmutableArray<string>> SelectClientsAsync(
        NpgsqlConnection connection, FeedSnapshot since, FeedSnapshot until, (long After, long To) seqs, CancellationToken cancellationToken)
    {
        if (seqs.After >= seqs.To)
        {
            return [];
        }

        await using var select = new NpgsqlCommand(SelectClients, connection)
        {
            Parameters =
            {
                SqlValues.Value(NpgsqlDbType.Bigint, seqs.After), SqlValues.Value(NpgsqlDbType.Bigint, seqs.To),
                SqlValues.Text(since.Text), SqlValues.Text(until.Text), SqlValues.Integer(MostLookedAt),
            },
        };
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var clients = ImmutableArray.CreateBuilder<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            clients.Add(reader.GetString(0));
        }

        return clients.Count == MostLookedAt ? default : clients.DrainToImmutable();
    }
}

/// <summary>What a look found.</summary>
/// <param name="Epoch">The feed's epoch.</param>
/// <param name="Seen">Up to where it looked.</param>
/// <param name="Clients">Whose memories have changed, <c>-</c> for the house; default: too many to tell, or nobody knows.</param>
internal sealed record FeedLook(Guid Epoch, FeedSnapshot Seen, ImmutableArray<string> Clients);
