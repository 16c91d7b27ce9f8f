using Actors.Grains.Tests.Facts;
using Actors.Grains.Tests.Sessions;
using Actors.Idempotency;
using Actors.Sessions;
using Actors.Support;

namespace Actors.Grains.Tests.Zep;

/// <summary>What remembering and facts have to do with Zep, through the grains.</summary>
public sealed class RememberZepTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_important_memory_is_in_zep_when_it_is_said_to_be_and_the_others_never()
    {
        await using var host = await ZepHost.StartAsync();
        Assert.Equal([ZepDelivery.Sent], (await host.RememberAsync("a", "Ada prefers tea")).InZep);
        Assert.Equal(["Ada prefers tea"], host.Fake.Messages.Select(message => message.Content));

        var chat = await host.Session("a").RememberAsync(new RememberRequest([new NewMemory("How are you?", Salience: 0.3)]), Stop);
        Assert.Equal([ZepDelivery.None], chat.InZep);
        Assert.True(await host.SweepAsync());
        Assert.Single(host.Fake.Messages);
    }

    [Fact]
    public async Task a_batch_says_of_each_memory_how_far_it_is()
    {
        await using var host = await ZepHost.StartAsync();
        var answer = await host.Session("a").RememberAsync(
            new RememberRequest([.. Enumerable.Range(0, 40).Select(n => new NewMemory($"memory {n}", Salience: n % 2 == 0 ? 0.9 : 0.1)), new NewMemory("memory 0", Salience: 0.9)]), Stop);
        Assert.All(answer.InZep.Take(40).Index(), delivery => Assert.Equal(delivery.Index % 2 == 0 ? ZepDelivery.Sent : ZepDelivery.None, delivery.Item));
        // The repeat.
        Assert.Equal(ZepDelivery.None, answer.InZep[40]);

        var many = await host.RememberAsync("b", [.. Enumerable.Range(0, 100).Select(n => $"memory {n}")]);
        Assert.Equal(Enumerable.Repeat(ZepDelivery.Sent, 30).Concat(Enumerable.Repeat(ZepDelivery.Queued, 70)), many.InZep);
        while (!await host.SweepAsync())
        {
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(n => $"memory {n}"), host.Fake.Messages.Where(message => message.UserId == "client_b").Select(message => message.Content));
    }

    [Fact]
    public async Task with_an_idempotency_key_it_is_queued_and_so_is_what_comes_while_something_waits()
    {
        await using var host = await ZepHost.StartAsync();
        var key = new IdempotencyKey(Guid.NewGuid(), "/api/v1/memory/remember", "k", [.. new byte[32]]);
        var keyed = await host.Session("a").RememberAsync(new RememberRequest([new NewMemory("first", Salience: 0.9)], key), Stop);
        Assert.Equal([ZepDelivery.Queued], keyed.InZep);
        Assert.Equal([ZepDelivery.Queued], (await host.RememberAsync("a", "second")).InZep);
        Assert.Empty(host.Fake.Messages);

        Assert.True(await host.SweepAsync());
        Assert.Equal(["first", "second"], host.Fake.Messages.Select(message => message.Content));
        Assert.Equal([ZepDelivery.Sent], (await host.RememberAsync("a", "third")).InZep);
    }

    [Theory]
    [InlineData(nameof(ZepMood.Hangs))]
    [InlineData(nameof(ZepMood.Broken))]
    [InlineData(nameof(ZepMood.Throttled))]
    public async Task whatever_zep_does_a_memory_is_stored_and_queued_within_the_budget(string mood)
    {
        await using var host = await ZepHost.StartAsync(("Zep:RememberBudget", "00:00:00.3"), ("Zep:Timeout", "00:05:00"));
        await host.Session("a").RememberAsync("Warm.");
        host.Fake.Mood = Enum.Parse<ZepMood>(mood);

        for (var memory = 0; memory < 3; memory++)
        {
            // Long before Zep is given up.
            Assert.Equal([ZepDelivery.Queued], (await host.RememberAsync("a", $"memory {memory}").WaitAsync(TimeSpan.FromSeconds(60), Stop)).InZep);
        }

        Assert.Equal("3", await host.Database.PsqlAsync("select count(*) from outbox"));
    }

    [Fact]
    public async Task a_queue_that_cannot_go_on_keeps_no_other_waiting()
    {
        await using var host = await ZepHost.StartAsync(("Zep:QueuesAtOnce", "1"), ("Zep:RememberBudget", "00:00:00"));
        await host.Database.PsqlAsync("alter table zep_items add constraint broken_for_the_test check (client_id <> 'a')");
        await host.RememberAsync("a", "one");
        await host.RememberAsync("b", "two");

        Assert.True(await host.SweepAsync());
        Assert.Equal(["two"], host.Fake.Messages.Select(message => message.Content));

        await host.Database.PsqlAsync("alter table zep_items drop constraint broken_for_the_test");
        Assert.True(await host.SweepAsync());
        Assert.Equal(["one", "two"], host.Fake.Messages.Select(message => message.Content).Order());
    }

    [Fact]
    public async Task a_fact_has_its_id_in_zep_and_sessions_and_subjects_go_on_with_it()
    {
        await using var host = await ZepHost.StartAsync();
        var fact = await host.CreateFactAsync("a", "Ada likes tea");
        Assert.Null(fact.ZepFactId);
        Assert.True(await host.SweepAsync());

        var edge = Assert.Single(host.Fake.Edges);
        Assert.Equal(edge.Id, await host.Database.PsqlAsync($"select zep_fact_id from facts where id = '{fact.Id}'"));
        Assert.Equal("0", await host.Database.PsqlAsync("select count(*) from fact_versions"));
        Assert.Equal(["Ada likes tea"], await host.Session("a").RecallFactsAsync("tea"));
        var changed = await host.Subject("a").ChangeAsync(fact.Id, "Ada likes coffee");
        Assert.Equal(edge.Id, changed.Replaced!.ZepFactId);

        Assert.True(await host.SweepAsync());
        Assert.Equal([("Ada likes tea", false), ("Ada likes coffee", true)], host.Fake.Edges.Select(e => (e.Fact, e.InvalidAt is null)));
        await host.Subject("a").RetractAsync(changed.Fact.Id);
        Assert.True(await host.SweepAsync());
        Assert.Equal(["Ada likes tea"], host.Fake.Edges.Select(e => e.Fact));
    }

    [Fact]
    public async Task an_erasure_is_pending_until_zep_has_removed_the_client()
    {
        await using var host = await ZepHost.StartAsync();
        await host.RememberAsync("a", "a secret");
        await host.RememberAsync("b", "stays");
        var receipt = await host.Session("a").EraseAsync(Stop);
        Assert.Equal(Actors.Clients.ZepErasure.Pending, receipt.Zep);

        Assert.True(await host.SweepAsync());

        Assert.Equal(["client_b"], host.Fake.Users);
        var receipts = await host.Host.Grains.GetGrain<Actors.Clients.IErasureQueryGrain>(Actors.Clients.IErasureQueryGrain.Key).ListAsync("a", Stop);
        Assert.Equal(Actors.Clients.ZepErasure.Removed, receipts[0].Zep);
        Assert.Equal(Actors.Clients.ZepErasure.Off, (await host.Session("a").EraseAsync(Stop)).Zep);
    }

    [Fact]
    public async Task without_a_key_nothing_is_queued_and_what_zep_has_goes_once_it_is_on_again()
    {
        await using var host = await ZepHost.StartAsync();
        var sent = (await host.RememberAsync("a", "sent")).Memories[0].Id;
        await host.RestartAsync(("Zep:ApiKey", ""));
        Assert.Equal([ZepDelivery.None], (await host.RememberAsync("a", "not sent")).InZep);
        Assert.Equal("0", await host.Database.PsqlAsync("select count(*) from outbox"));
        await host.Session("a").ForgetAsync(sent, Stop);
        Assert.True(await host.SweepAsync());
        Assert.Single(host.Fake.Messages);

        await host.RestartAsync();
        Assert.True(await host.SweepAsync());
        Assert.Empty(host.Fake.Messages);
    }

    [Fact]
    public async Task what_zep_made_of_a_memory_that_is_gone_is_shown_to_nobody()
    {
        await using var host = await ZepHost.StartAsync(("Zep:GoodEnough", "1"));
        host.Fake.Quirks.KeepsWhatItDerived = true;
        var gone = (await host.RememberAsync("a", "Ada moved to Lisbon")).Memories[0].Id;
        await host.Session("a").ForgetAsync(gone, Stop);
        Assert.True(await host.SweepAsync());
        Assert.Empty(host.Fake.Messages);
        Assert.NotEmpty(host.Fake.Edges);

        var answer = await host.Session("a").RecallAsync(RecallRequest.For("Lisbon"), Stop);

        Assert.Contains("graph/search", host.Fake.Calls.Select(call => call.Path));
        Assert.Empty(answer.Hits);
        Assert.Empty(answer.Degraded);
    }
}
