namespace Actors.Bench.Http;

/// <summary>
/// A new fact per request, each about a subject of its own. Against the same in plain SQL, under a lock of the subject, into the
/// same indexes and constraints without our triggers.
/// </summary>
internal sealed class FactCreateBench(HttpStage stage) : IHttpBench
{
    private const string Content = "Ada works from nine to five on weekdays, except when the board meets, as of statement";

    // The fill factor is not copied by itself.
    private const string Table = "create table bench.facts (like public.facts including all) with (fillfactor = 80)";

    private const string Script =
        $$"""
        \set number random(1, 999999999)
        begin;
        select pg_advisory_xact_lock(subject_lock_key('person', 'create-' || :client_id || '-' || :number));
        insert into bench.facts (id, client_id, subject_type, subject_id, fact_type, content, salience_score, valid_from, metadata)
        values (gen_random_uuid(), 'create-' || :client_id, 'person', 'create-' || :client_id || '-' || :number, 'work_hours',
                '{{Content}} ' || :number, 0.7, clock_timestamp(), '{}');
        end;
        """;

    private readonly Sequence _sequence = new();
    private readonly List<FactCreateRequests> _requests = [];

    public async Task<Series[]> PrepareAsync()
    {
        await stage.ExecuteAsync(Table);
        var ofOne = Requests(_ => "create-one");
        var ofMany = Requests(connection => $"create-{connection}");
        return
        [
            new("fact create", [.. HttpBench.Connections.Select(connections => new Level(
                connections,
                [
                    new("pgbench: lock, insert", duration => stage.Pgbench.RunAsync(Script, connections, duration)),
                    new("service, one client", Load(ofOne, connections)),
                    .. connections > 1 ? [new Contender("service, a client each", Load(ofMany, connections))] : Array.Empty<Contender>(),
                ]))]),
        ];
    }

    public async Task<string> VerifyAsync()
    {
        var acknowledged = _requests.Sum(requests => requests.Acknowledged);
        var stored = await stage.CountAsync("select count(*) from facts");
        return HttpBench.Verified(acknowledged == stored, $"{acknowledged} facts acknowledged, {stored} stored");
    }

    private FactCreateRequests[] Requests(Func<int, string> clientOf)
    {
        var requests = Enumerable.Range(0, HttpBench.Connections[^1])
            .Select(connection => new FactCreateRequests(clientOf(connection), Content, stage.Key, _sequence)).ToArray();
        _requests.AddRange(requests);
        return requests;
    }

    private Func<TimeSpan, Task<Measurement>> Load(FactCreateRequests[] requests, int connections) =>
        duration => HttpLoad.RunAsync(stage.Service.Address, requests[..connections], duration);
}
