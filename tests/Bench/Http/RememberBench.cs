namespace Actors.Bench.Http;

/// <summary>One memory per request, acknowledged after its commit, against single-row inserts into the same indexes without our triggers.</summary>
internal sealed class RememberBench(HttpStage stage) : IHttpBench
{
    private const string Table = "create table bench.events (like public.events including all)";

    // Every session is a client of its own, which is the easier case: no two insert into the same place of an index.
    private const string Script =
        $$"""
        \set number random(1, 999999999)
        insert into bench.events (id, client_id, memory_type, content, conversation_id, speaker, run_id, occurred_at, created_at, metadata,
                                  zep_session_id, memory_scope, salience_score, expires_at)
        values (gen_random_uuid(), 'remember-' || :client_id, 'event', '{{RememberRequests.Content}} ' || :number, null, null, null, clock_timestamp(),
                clock_timestamp(), '{}', 'client_remember-' || :client_id, 'user', 0.5, null);
        """;

    private readonly Sequence _sequence = new();
    private readonly List<RememberRequests> _requests = [];

    public async Task<Series[]> PrepareAsync()
    {
        await stage.ExecuteAsync(Table);
        var ofOne = Requests(_ => "remember-one");
        var ofMany = Requests(connection => $"remember-{connection}");
        return
        [
            new("remember", [.. HttpBench.Connections.Select(connections => new Level(
                connections,
                [
                    new("pgbench: insert", duration => stage.Pgbench.RunAsync(Script, connections, duration)),
                    new("service, one client", Load(ofOne, connections), BarOfOne(connections)),
                    .. connections > 1
                        ? [new Contender("service, a client each", Load(ofMany, connections), connections == 32 ? new Bar(BarKind.PerSecondAtLeast, 0.6) : null)]
                        : Array.Empty<Contender>(),
                ]))]),
        ];
    }

    public async Task<string> VerifyAsync()
    {
        var acknowledged = _requests.Sum(requests => requests.Acknowledged);
        var stored = await stage.CountAsync("select count(*) from events where client_id like 'remember-%'");
        return HttpBench.Verified(acknowledged == stored, $"{acknowledged} memories acknowledged, {stored} stored");
    }

    private RememberRequests[] Requests(Func<int, string> clientOf)
    {
        var requests = Enumerable.Range(0, HttpBench.Connections[^1])
            .Select(connection => new RememberRequests(clientOf(connection), stage.Key, _sequence)).ToArray();
        _requests.AddRange(requests);
        return requests;
    }

    private Func<TimeSpan, Task<Measurement>> Load(RememberRequests[] requests, int connections) =>
        duration => HttpLoad.RunAsync(stage.Service.Address, requests[..connections], duration);

    private static Bar? BarOfOne(int connections) => connections switch
    {
        1 => new Bar(BarKind.P50AtMost, 1.5),
        32 => new Bar(BarKind.PerSecondAtLeast, 1),
        _ => null,
    };
}
