using Npgsql;

namespace Actors.Schema;

/// <summary>Who is no grain tells with each statement whose rows it has changed; grains tell nothing.</summary>
public sealed class ForeignChangeNotificationTests : IAsyncLifetime
{
    private SchemaDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await SchemaDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    public static TheoryData<string, string, string> Tables { get; } = new()
    {
        { "events", "content, client_id", "'x', '1'" },
        { "facts", "subject_type, subject_id, fact_type, content, client_id", "'user', '1', 'preference', 'x', '1'" },
        { "execution_runs", "run_identifier, client_id", "'x', '1'" },
        { "plans", "title, client_id", "'x', '1'" },
        { "tasks", "title, client_id", "'x', '1'" },
        { "projects", "name, client_id", "'x', '1'" },
        { "sprints", "name, client_id, starts_on, ends_on", "'x', '1', '2026-11-23', '2026-11-29'" },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task each_statement_that_changes_rows_of_a_client_names_it_once(string table, string columns, string values)
    {
        await using var listener = await ListenAsync();
        var some = columns.Split(", ")[0];

        await ExecuteAsync(_database.Foreign, $"insert into {table} ({columns}) values ({values})");
        await ExecuteAsync(_database.Foreign, $"update {table} set {some} = 'y'");
        await ExecuteAsync(_database.Foreign, $"delete from {table}");

        Assert.Equal(["1", "1", "1"], await listener.HeardAsync());
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task grains_tell_nothing(string table, string columns, string values)
    {
        await using var listener = await ListenAsync();
        var some = columns.Split(", ")[0];

        await ExecuteAsync(_database.Grains, $"insert into {table} ({columns}) values ({values})");
        await ExecuteAsync(_database.Grains, $"update {table} set {some} = 'y'");
        await ExecuteAsync(_database.Grains, $"delete from {table}");

        Assert.Empty(await listener.HeardAsync());
    }

    [Fact]
    public async Task statements_that_change_nothing_tell_nothing()
    {
        await ExecuteAsync(_database.Foreign, "insert into events (content, client_id) values ('a', '1'); insert into tasks (title, client_id) values ('t', '1')");
        await using var listener = await ListenAsync();

        await ExecuteAsync(_database.Foreign, "update events set content = content");
        await ExecuteAsync(_database.Foreign, "update tasks set updated_at = now() + interval '1 hour'");
        await ExecuteAsync(_database.Foreign, "update events set content = 'x' where false");
        await ExecuteAsync(_database.Foreign, "delete from events where false");
        await ExecuteAsync(_database.Foreign, "insert into events (content) select 'x' where false");

        Assert.Empty(await listener.HeardAsync());
    }

    [Fact]
    public async Task only_rows_that_changed_count_for_whose_they_are()
    {
        await ExecuteAsync(_database.Foreign, "insert into events (content, client_id) values ('a', '1'), ('b', '2')");
        await using var listener = await ListenAsync();

        await ExecuteAsync(_database.Foreign, "update events set content = 'a'");

        Assert.Equal(["2"], await listener.HeardAsync());
    }

    [Fact]
    public async Task a_statement_over_rows_of_several_clients_names_none()
    {
        await using var listener = await ListenAsync();

        await ExecuteAsync(_database.Foreign, "insert into events (content, client_id) select n, case n % 3 when 0 then null else (n % 3)::text end from generate_series(1, 300) n");
        await ExecuteAsync(_database.Foreign, "update events set content = content || '!'");
        await ExecuteAsync(_database.Foreign, "delete from events");

        Assert.Equal(["*", "*", "*"], await listener.HeardAsync());
    }

    [Fact]
    public async Task a_row_that_moves_changes_two_clients()
    {
        await ExecuteAsync(_database.Foreign, "insert into events (content, client_id) values ('a', '1')");
        await using var listener = await ListenAsync();

        await ExecuteAsync(_database.Foreign, "update events set client_id = '2'");

        Assert.Equal(["*"], await listener.HeardAsync());
    }

    [Fact]
    public async Task a_row_that_gets_another_id_is_still_of_one_client()
    {
        await ExecuteAsync(_database.Foreign, "insert into tasks (title, client_id) values ('t', '1')");
        await using var listener = await ListenAsync();

        await ExecuteAsync(_database.Foreign, "update tasks set id = gen_random_uuid()");

        Assert.Equal(["1"], await listener.HeardAsync());
    }

    [Fact]
    public async Task rows_of_the_house_have_its_sign()
    {
        await using var listener = await ListenAsync();

        await ExecuteAsync(_database.Foreign, "insert into facts (subject_type, subject_id, fact_type, content) values ('user', '1', 'preference', 'x')");

        Assert.Equal(["-"], await listener.HeardAsync());
    }

    [Fact]
    public async Task what_was_rolled_back_is_not_told()
    {
        await using var listener = await ListenAsync();

        await ExecuteAsync(_database.Foreign, "begin; insert into events (content, client_id) values ('a', '1'); rollback");

        Assert.Empty(await listener.HeardAsync());
    }

    [Fact]
    public async Task many_rows_are_one_notification()
    {
        await using var listener = await ListenAsync();

        await ExecuteAsync(_database.Foreign, "insert into events (content, client_id) select n, '1' from generate_series(1, 10000) n");

        Assert.Equal(["1"], await listener.HeardAsync());
    }

    private static Task ExecuteAsync(NpgsqlDataSource source, string sql) => SchemaDatabase.ExecuteAsync(source, sql);

    private async Task<Listener> ListenAsync()
    {
        var connection = await _database.Foreign.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var listener = new Listener(connection);
        await using var listen = new NpgsqlCommand("listen actors_changes", connection);
        await listen.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return listener;
    }

    private sealed class Listener : IAsyncDisposable
    {
        private readonly NpgsqlConnection _connection;
        private readonly List<string> _heard = [];

        public Listener(NpgsqlConnection connection)
        {
            _connection = connection;
            connection.Notification += (_, notification) => _heard.Add(notification.Payload);
        }

        // Notifications come in the order of commits: once its own is there, all before it are.
        public async Task<List<string>> HeardAsync()
        {
            await using (var end = new NpgsqlCommand("notify actors_changes, 'end of the test'", _connection))
            {
                await end.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }

            while (_heard.LastOrDefault() != "end of the test")
            {
                await _connection.WaitAsync(TestContext.Current.CancellationToken);
            }

            return _heard[..^1];
        }

        public ValueTask DisposeAsync() => _connection.DisposeAsync();
    }
}
