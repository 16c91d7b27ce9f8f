using Actors.Sessions;

namespace Actors.Grains.Tests.Sessions;

/// <summary>Rows that other programs change while sessions have them in memory: they hear of it, and the next recall shows it.</summary>
public sealed class ForeignChangeTests(SessionFixture fixture) : IClassFixture<SessionFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_row_that_psql_inserts_changes_or_deletes_reaches_a_hot_session()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        await session.RememberAsync("The lid is blue");

        await PsqlAsync($"insert into events (client_id, content) values ('{client}', 'The kettle is red')");
        await session.RecallsAsync("kettle", "The kettle is red");

        await PsqlAsync($"update events set content = 'The kettle is green' where client_id = '{client}' and content like '%kettle%'");
        await session.RecallsAsync("kettle", "The kettle is green");
        Assert.Empty(await session.RecallAsync("red"));

        await PsqlAsync($"delete from events where client_id = '{client}' and content like '%kettle%'");
        await session.RecallsAsync("kettle");
        Assert.Equal(["The lid is blue"], await session.RecallAsync("lid"));
    }

    private Task<string> PsqlAsync(string sql) => fixture.Database.PsqlAsync(sql);
}

/// <summary>Waiting for what a notification brings.</summary>
internal static class EventualRecall
{
    /// <summary>Asks until the answer is this one: between a commit and its notification lie two processes. Fails after 30 s, with the answer there was.</summary>
    public static async Task RecallsAsync(this ISessionGrain session, string question, params string[] expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string[] found;
        do
        {
            found = await session.RecallAsync(question);
        }
        while (!found.Order().SequenceEqual(expected.Order()) && !limit.IsCancellationRequested);
        Assert.Equal(expected.Order(), found.Order());
    }
}
