using Actors.Access;
using Actors.Changes;
using Actors.Grains.Tests.Sessions;
using Npgsql;

namespace Actors.Grains.Tests.Changes;

/// <summary>Short forms for tests of the change feed.</summary>
internal static class ChangeCalls
{
    public static readonly ClientVisibility All = new(default);

    public static Task<ChangePage> ChangesAsync(
        this SessionFixture memory, string? after, string? client = null, int limit = 500, TimeSpan wait = default, ClientVisibility? visibility = null) =>
        memory.Host.Grains.GetGrain<IChangeQueryGrain>(IChangeQueryGrain.Key).ReadAsync(
            new ChangeFeedRequest(after, visibility ?? All, client, limit, wait), TestContext.Current.CancellationToken);

    /// <summary>The end of the feed.</summary>
    public static async Task<string> EndAsync(this SessionFixture memory) => (await memory.ChangesAsync(ChangeFeedRequest.Now)).Next;

    /// <summary>All there is after a cursor, page by page.</summary>
    public static async Task<(List<Change> Changes, string Next)> AllChangesAsync(
        this SessionFixture memory, string? after, string? client = null, int limit = 500, ClientVisibility? visibility = null)
    {
        var changes = new List<Change>();
        while (true)
        {
            var page = await memory.ChangesAsync(after, client, limit, visibility: visibility);
            changes.AddRange(page.Changes);
            after = page.Next;
            if (!page.HasMore)
            {
                return (changes, after);
            }
        }
    }

    /// <summary>A transaction of an operator.</summary>
    public static async Task<NpgsqlConnection> BeginAsync(this SessionFixture memory)
    {
        var connection = await memory.Database.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.RunAsync("begin");
        return connection;
    }

    public static async Task RunAsync(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public static Task InsertAsync(this NpgsqlConnection connection, string client, string content) =>
        connection.RunAsync($"insert into events (client_id, content) values ('{client}', '{content}')");

    /// <summary>The content of the memories of changes, <c>-</c> for none.</summary>
    public static IEnumerable<string> Contents(this IEnumerable<Change> changes) =>
        changes.Select(change => change.MemoryJson is { } json ? (string)System.Text.Json.Nodes.JsonNode.Parse(json)!["content"]! : "-");
}
