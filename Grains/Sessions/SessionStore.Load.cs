using System.Data;
using Actors.Facts;
using Actors.Hosting;
using Actors.Storage;
using Npgsql;

namespace Actors.Sessions;

/// <summary>What an activation reads.</summary>
internal sealed partial class SessionStore
{
    // Half of the process' connections: clients that are read must not keep the others' writes from one.
    private const int MostLoads = PostgresConnections.Most / 2;

    private const int RowsPerProgress = LongWork.MostMemories;

    // Waits for the last transaction of a silo that was declared dead.
    private const string AwaitSilos = "select await_silo_writes($1)";

    private static readonly string SelectNewestEvents = SelectNewest("events e", EventRow.ColumnsInOrder, EventRow.Characters);

    private static readonly string SelectNewestFacts = SelectNewest("facts f", FactRow.Columns, FactRow.Characters);

    /// <summary>
    /// The head, the newest facts and the newest events there is room for beside them, as of one moment; another silo's write that
    /// is still under way is waited for. Facts come first: they are what is meant to last.
    /// </summary>
    /// <param name="clientId">Whose.</param>
    /// <param name="limits">How many, and how much.</param>
    /// <param name="progress">Called now and then with what was read so far.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<SessionSnapshot> LoadAsync(
        string clientId, SessionOptions limits, Action<SessionSnapshot> progress, CancellationToken cancellationToken)
    {
        await _loads.WaitAsync(cancellationToken);
        try
        {
            return await LoadOneAsync(clientId, limits, progress, cancellationToken);
        }
        finally
        {
            _loads.Release();
        }
    }

    public void Dispose() => _loads.Dispose();

    private Task<SessionSnapshot> LoadOneAsync(
        string clientId, SessionOptions limits, Action<SessionSnapshot> progress, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await AwaitAsync(connection, AwaitSilos, clientId, cancellationToken);
                await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
                var snapshot = new SessionSnapshot(await ReadHeadAsync(connection, clientId, cancellationToken), limits);
                await ReadNewestAsync(SelectNewestFacts, row => snapshot.TryAdd(FactRow.Read(row, texts: snapshot.Texts)));
                await ReadNewestAsync(SelectNewestEvents, row => snapshot.TryAdd(EventRow.Read(row, texts: snapshot.Texts)));
                return snapshot;

                async Task ReadNewestAsync(string sql, Func<NpgsqlDataReader, bool> tryAdd)
                {
                    await using var select = Command(connection, sql, clientId, snapshot.Room + 1L, snapshot.RoomForCharacters);
                    await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                    for (var rows = 0; rows < RowsPerProgress; rows++)
                    {
                        if (!await reader.ReadAsync(cancellationToken) || !tryAdd(reader))
                        {
                            return;
                        }
                    }

                    // Most rows are in a buffer already: awaiting them would hold a thread just as well, and costs more.
                    await longWork.RunAsync(snapshot.Room, () => ReadRest(reader, tryAdd), cancellationToken);
                }

                SessionSnapshot ReadRest(NpgsqlDataReader reader, Func<NpgsqlDataReader, bool> tryAdd)
                {
                    do
                    {
                        if (snapshot.Count % RowsPerProgress == 0)
                        {
                            cancellationToken.ThrowIfCancellationRequested();
                            progress(snapshot);
                        }
                    }
                    while (reader.Read() && tryAdd(reader));

                    return snapshot;
                }
            },
            cancellationToken);

    // In the order of the index, without a sort, so that rows come at once. One more than there is room for, so that it is known
    // whether there are more: $2 says how many, $3 how many characters those before the last may have.
    private static string SelectNewest(string from, string columns, string characters) =>
        $"""
        select * from (
            select {columns}, sum({characters}) over newer as characters
            from {from} where client_id = $1
            window newer as (order by created_at desc, id desc rows between unbounded preceding and 1 preceding)
            order by created_at desc, id desc limit $2) newest
        where characters is null or characters <= $3
        order by created_at desc, id desc
        """;
}
