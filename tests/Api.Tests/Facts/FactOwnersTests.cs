using Actors.Access;
using Actors.Facts;
using Actors.Support;

namespace Actors.Api.Tests.Facts;

public sealed class FactOwnersTests : IAsyncLifetime
{
    private static readonly Caller Admin = new(Guid.NewGuid(), "boss", CallerRole.Admin, []);
    private static readonly Caller Agent = new(Guid.NewGuid(), "agent", CallerRole.Agent, ["mine"]);

    private readonly List<string> _asked = [];
    private TestDatabase _database = null!;
    private GrainHost _host = null!;
    private FactOwners _owners = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        _host = await GrainHost.StartAsync(_database);
        _owners = new FactOwners(_host.Grains, new Actors.Clients.ErasureSignal());
    }

    public async ValueTask DisposeAsync()
    {
        _owners.Dispose();
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    private Task<string> InsertAsync(string client) => _database.PsqlAsync(
        $"insert into facts (client_id, subject_type, subject_id, fact_type, content) values ({client}, 'user', 'a/b', 'likes', 'tea') returning id");

    // Stands for a subject that has the fact, unless it is called so.
    private async Task AskAsync(string id, Caller caller, string notAt = "nowhere") => await _owners.AskAsync(
        id,
        caller,
        (subject, factId) =>
        {
            Assert.Equal(id, factId.ToString());
            _asked.Add(FactSubjectKey.Of(subject));
            return subject.Id == notAt
                ? throw new FactNotFoundException()
                : Task.FromResult(new FactAnswer(null!, null));
        },
        TestContext.Current.CancellationToken);

    [Fact]
    public async Task the_subject_of_a_fact_is_asked_also_when_the_fact_was_retracted()
    {
        var id = await InsertAsync("'mine'");
        await _database.PsqlAsync($"delete from facts where id = '{id}'");

        await AskAsync(id, Agent);
        await AskAsync(id, Admin);

        Assert.Equal(["mine/user/a/b", "mine/user/a/b"], _asked);
    }

    [Fact]
    public async Task facts_of_others_look_missing_whether_they_are_known_or_not()
    {
        var id = await InsertAsync("'other'");

        await Assert.ThrowsAsync<FactNotFoundException>(() => AskAsync(id, Agent));
        await AskAsync(id, Admin);
        await Assert.ThrowsAsync<FactNotFoundException>(() => AskAsync(id, Agent));
        await Assert.ThrowsAsync<FactNotFoundException>(() => AskAsync(Guid.NewGuid().ToString(), Admin));
        await Assert.ThrowsAsync<FactNotFoundException>(() => AskAsync("no-id", Admin));

        Assert.Equal(["other/user/a/b"], _asked);
    }

    [Fact]
    public async Task shared_facts_are_written_by_admins_only()
    {
        var id = await InsertAsync("null");

        Assert.Equal("role_forbidden", (await Assert.ThrowsAsync<ForbiddenException>(() => AskAsync(id, Agent))).Code);
        await AskAsync(id, Admin);
        Assert.Equal("role_forbidden", (await Assert.ThrowsAsync<ForbiddenException>(() => AskAsync(id, Agent))).Code);

        Assert.Equal(["-/user/a/b"], _asked);
    }

    [Fact]
    public async Task a_fact_that_an_operator_moved_is_looked_up_once_more()
    {
        var id = await InsertAsync("'mine'");
        await AskAsync(id, Agent);
        await _database.PsqlAsync($"update facts set subject_id = 'c' where id = '{id}'");

        await AskAsync(id, Agent, notAt: "a/b");
        await AskAsync(id, Agent);

        Assert.Equal(["mine/user/a/b", "mine/user/a/b", "mine/user/c", "mine/user/c"], _asked);
    }
}
