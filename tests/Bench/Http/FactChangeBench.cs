namespace Actors.Bench.Http;

/// <summary>
/// A fact ends and its successor begins; each connection changes its own fact over and over. Against the same in plain SQL,
/// under a lock of the subject, into the same indexes and constraints without our triggers.
/// </summary>
internal sealed class FactChangeBench(HttpStage stage) : IHttpBench
{
    private const string Content = "Ada works from nine to five on weekdays, except when the board meets, as of change";

    // The fill factor is not copied by itself.
    private const string Table = "create table bench.facts (like public.facts including all) with (fillfactor = 80)";

    // The first of a session finds no fact to close.
    private const string Script =
        $$"""
        \set number random(1, 999999999)
        begin;
        select pg_advisory_xact_lock(subject_lock_key('person', 'change-' || :client_id));
        update bench.facts set valid_to = clock_timestamp() where id = :id;
        insert into bench.facts (id, client_id, subject_type, subject_id, fact_type, content, salience_score, valid_from, metadata)
        values (gen_random_uuid(), 'change-' || :client_id, 'person', 'change-' || :client_id, 'work_hours', '{{Content}} ' || :number, 0.7,
                clock_timestamp(), '{}')
        returning id \gset
        end;
        """;

    private readonly Sequence _sequence = new();
    private readonly List<FactChangeRequests> _chains = [];

    public async Task<Series[]> PrepareAsync()
    {
        await stage.ExecuteAsync(Table);
        var ofOne = await CreateAsync(_ => "change-one");
        var ofMany = await CreateAsync(connection => $"change-{connection}");
        return
        [
            new("fact change", [.. HttpBench.Connections.Select(connections => new Level(
                connections,
                [
                    new("pgbench: lock, close, insert", duration => stage.Pgbench.RunAsync(Script, connections, duration)),
                    new("service, one client", Load(ofOne, connections), BarOf(connections)),
                    .. connections > 1
                        ? [new Contender("service, a client each", Load(ofMany, connections), BarOf(connections))]
                        : Array.Empty<Contender>(),
                ]))]),
        ];
    }

    public async Task<string> VerifyAsync()
    {
        var acknowledged = _chains.Sum(chain => chain.Acknowledged);
        var stored = await CountAsync("facts") - _chains.Count;
        var open = await CountAsync("facts", "and valid_to is null and superseded_by is null");
        var versions = await CountAsync("fact_versions", "and operation = 'change'");
        return HttpBench.Verified(
            acknowledged == stored && acknowledged == versions && open == _chains.Count,
            $"{acknowledged} changes acknowledged, {stored} successors and {versions} versions stored, {open} of {_chains.Count} facts open");
    }

    private async Task<FactChangeRequests[]> CreateAsync(Func<int, string> clientOf)
    {
        var chains = new List<FactChangeRequests>();
        for (var connection = 0; connection < HttpBench.Connections[^1]; connection++)
        {
            var clientId = clientOf(connection);
            var fact = await stage.PostAsync("/api/v1/memory/facts", new
            {
                client_id = clientId,
                subject_type = "person",
                subject_id = $"{clientId}-{connection}",
                fact_type = "work_hours",
                content = Content,
            });
            chains.Add(new FactChangeRequests(fact.GetProperty("fact_id").GetString()!, Content, stage.Key, _sequence));
        }

        _chains.AddRange(chains);
        return [.. chains];
    }

    private Func<TimeSpan, Task<Measurement>> Load(FactChangeRequests[] chains, int connections) =>
        duration => HttpLoad.RunAsync(stage.Service.Address, chains[..connections], duration);

    private Task<long> CountAsync(string table, string condition = "") =>
        stage.CountAsync($"select count(*) from {table} where client_id like 'change-%' {condition}");

    private static Bar? BarOf(int connections) => connections == 32 ? new Bar(BarKind.PerSecondAtLeast, 0.6) : null;
}
