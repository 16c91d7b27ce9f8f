using Actors.Facts;
using Actors.Hosting;
using Actors.Sessions;
using Actors.Storage;
using Actors.Support;
using Npgsql;

namespace Actors.Grains.Tests.Sessions;

public sealed class SessionStoreTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private readonly LongWork _longWork = new();
    private NpgsqlDataSource _source = null!;
    private SessionStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        _source = PostgresConnections.Create(_database.ConnectionString);
        _store = new SessionStore(new Database(_source, new WriteGate()), _longWork);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _longWork.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task texts_that_repeat_are_one_object_each()
    {
        await _database.PsqlAsync(
            """
            insert into events (client_id, content, conversation_id, speaker) select 'a', 'note', 'standup', 'ada' from generate_series(1, 2);
            insert into facts (client_id, subject_type, subject_id, fact_type, content) select 'a', 'user', 'ada', 'likes', 'tea ' || i from generate_series(1, 2) i;
            """);

        var memories = (await LoadAsync(new SessionOptions())).Memories.ToArray();

        var (first, second) = ((EventRecord)memories[0], (EventRecord)memories[1]);
        Assert.Same(first.ClientId, second.ClientId);
        Assert.Same(first.ConversationId, second.ConversationId);
        Assert.Same(first.Speaker, second.Speaker);
        Assert.Same(first.MetadataJson, second.MetadataJson);
        var (fact, other) = ((FactRecord)memories[2], (FactRecord)memories[3]);
        Assert.Same(first.ClientId, fact.Subject.ClientId);
        Assert.Same(fact.Subject.Id, other.Subject.Id);
        Assert.Same(fact.FactType, other.FactType);
        Assert.Same(fact.MetadataJson, other.MetadataJson);
    }

    [Fact]
    public async Task the_newest_are_loaded_until_text_or_number_is_too_much()
    {
        await _database.PsqlAsync(
            """
            insert into events (client_id, content, metadata, created_at)
            select 'a', 'note' || i, jsonb_build_object('n', repeat('x', 200000)), now() + i * interval '1 second' from generate_series(1, 20) i
            """);
        var options = new SessionOptions { MaxHotCharacters = 1024 * 1024 };

        var snapshot = await LoadAsync(options);

        Assert.Equal(["note16", "note17", "note18", "note19", "note20"], snapshot.Memories.Select(m => m.Content));
        Assert.False(snapshot.IsComplete);
    }

    [Fact]
    public async Task a_session_that_just_fits_is_complete()
    {
        await _database.PsqlAsync("insert into events (client_id, content) select 'a', 'note' || i from generate_series(1, 3) i");
        Assert.True((await LoadAsync(new SessionOptions { MaxHotEvents = 3 })).IsComplete);
        Assert.True((await LoadAsync(new SessionOptions { MaxHotEvents = 3, MaxHotCharacters = 21 })).IsComplete);
        Assert.False((await LoadAsync(new SessionOptions { MaxHotCharacters = 20 })).IsComplete);
        Assert.False((await LoadAsync(new SessionOptions { MaxHotEvents = 2 })).IsComplete);
    }

    [Fact]
    public async Task a_memory_of_a_run_that_ended_ends_with_it()
    {
        await _database.PsqlAsync(
            """
            insert into clients (id) values ('a');
            with run as (insert into execution_runs (client_id, status, actual_hours, ended_at) values ('a', 'completed', 1, '2030-01-01T00:00Z') returning id)
            insert into events (client_id, content, memory_scope, run_id, occurred_at) select 'a', 'step', 'run', id, '2029-01-01T00:00Z' from run
            """);
        var memory = Assert.IsType<EventRecord>(Assert.Single((await LoadAsync(new SessionOptions())).Memories));
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), memory.ExpiresAt);
    }

    [Fact]
    public async Task a_large_session_is_read_on_a_thread_of_its_own()
    {
        await _database.PsqlAsync("insert into events (client_id, content) select 'a', 'note ' || i from generate_series(1, 5000) i");
        var onSharedThreads = new List<bool>();

        var snapshot = await _store.LoadAsync(
            "a", new SessionOptions(), _ => onSharedThreads.Add(Thread.CurrentThread.IsThreadPoolThread), TestContext.Current.CancellationToken);

        Assert.Equal(5000, snapshot.Count);
        Assert.Equal([false, false, false, false], onSharedThreads);
    }

    private Task<SessionSnapshot> LoadAsync(SessionOptions options) =>
        _store.LoadAsync("a", options, _ => { }, TestContext.Current.CancellationToken);
}
