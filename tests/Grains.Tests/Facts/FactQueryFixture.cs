using Actors.Access;
using Actors.Facts;
using Actors.Support;
using Npgsql;

namespace Actors.Grains.Tests.Facts;

/// <summary>The query grain on a fresh database, whose rows tests write by SQL; each test uses clients of its own.</summary>
public sealed class FactQueryFixture : IAsyncLifetime
{
    public static readonly ClientVisibility Everything = new(default);

    private int _clients;
    private NpgsqlDataSource? _grains;

    public TestDatabase Database { get; private set; } = null!;

    public GrainHost Host { get; private set; } = null!;

    public IFactQueryGrain Queries => Host.Grains.GetGrain<IFactQueryGrain>(IFactQueryGrain.Key);

    public async ValueTask InitializeAsync()
    {
        Database = await TestPostgres.CreateAsync();
        Host = await GrainHost.StartAsync(Database);
        _grains = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Options = "-c actors.writer=grain" });
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _grains!.DisposeAsync();
        await Database.DisposeAsync();
    }

    public string NewClient() => $"c{Interlocked.Increment(ref _clients):0000}";

    public static ClientVisibility Of(params string[] clients) => new([.. clients]);

    /// <summary>A day of January 2030, as which transaction times are told.</summary>
    public static DateTimeOffset Day(double day) => new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day - 1);

    /// <summary>Runs statements in one transaction at a transaction time, as the service does.</summary>
    /// <param name="day">See <see cref="Day"/>.</param>
    /// <param name="operation"><c>change</c>, <c>correct</c> or <c>retract</c>.</param>
    /// <param name="statements">What to write.</param>
    public async Task WriteAsync(double day, string operation, params string[] statements)
    {
        await using var batch = _grains!.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select describe_change('{operation}', 'ann', 'day {day}', '{Day(day):O}')"));
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        await batch.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Inserts a fact of the subject (user, the client's id), valid from a day on.</summary>
    public async Task<Guid> InsertAsync(string? client, string content, double recorded, double validFrom, double? validTo = null, string metadata = "{}")
    {
        var id = Guid.CreateVersion7();
        await WriteAsync(recorded, "change", Insert(id, client, content, validFrom, validTo, metadata));
        return id;
    }

    public static string Insert(Guid id, string? client, string content, double validFrom, double? validTo = null, string metadata = "{}") =>
        $"""
        insert into facts (id, client_id, subject_type, subject_id, fact_type, content, valid_from, valid_to, metadata)
        values ('{id}', {Text(client)}, 'user', '{client ?? "house"}', 'likes', '{content}', '{Day(validFrom):O}', {Time(validTo)}, '{metadata}')
        """;

    /// <summary>The two statements of a change: the fact ends on a day, its successor begins.</summary>
    public static string[] Change(Guid from, Guid to, string? client, string content, double effective) =>
        [$"update facts set valid_to = '{Day(effective):O}', superseded_by = '{to}' where id = '{from}'", Insert(to, client, content, effective)];

    private static string Text(string? text) => text is null ? "null" : $"'{text}'";

    private static string Time(double? day) => day is { } d ? $"'{Day(d):O}'" : "null";
}

/// <summary>Short forms for tests.</summary>
internal static class FactQueryCalls
{
    public static FactListRequest List(this ClientVisibility visibility, DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null, FactInclude include = FactInclude.Current) =>
        new(visibility, null, null, null, null, null, asOf, knownAt, include, 500, null);

    /// <summary>The facts of a subject that is called like the client, which shared ones are not.</summary>
    public static FactListRequest ListOf(string client, DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null, FactInclude include = FactInclude.Current) =>
        FactQueryFixture.Of(client).List(asOf, knownAt, include) with { SubjectId = client };

    public static async Task<string> ContentsAsync(this IFactQueryGrain queries, FactListRequest request) =>
        string.Join(',', (await queries.ListAsync(request, TestContext.Current.CancellationToken)).Facts.Select(f => f.Content));
}
