using Actors.Facts;
using Actors.Promotion;
using Actors.Sessions;

namespace Actors.Grains.Tests.Promotion;

/// <summary>Important events become facts, each once, with where they were found.</summary>
public class PromotionTests(PromotionStage stage) : IClassFixture<PromotionStage>
{
    private readonly string _client = stage.NewClient();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_event_becomes_a_fact_with_its_span_and_names_it_at_once()
    {
        var memory = await stage.RememberAsync(_client, "So. user Ada preference: Prefers tea 🍵 to coffee.");
        Assert.Equal("waiting|0", await stage.Database.PsqlAsync($"select state, attempts from promotion_jobs where event_id = '{memory.Id}'"));

        await stage.SweepAsync();

        Assert.Equal("Prefers tea 🍵 to coffee.|Prefers tea 🍵 to coffee.|test|7|small|0|t", await stage.SourcesAsync(_client));
        var job = await stage.JobAsync(memory.Id);
        Assert.Equal((PromotionState.Done, "test", "7", "small"), (job.State, job.Extractor!, job.ExtractorVersion!, job.Model!));
        var after = await stage.Session(_client).GetEventAsync(memory.Id, Stop);
        Assert.Equal(Assert.Single(job.FactIds), after!.PromotedToFactId);
        var (fact, proofs) = (await stage.Queries.FindKnownAsync(job.FactIds[0], new(default), null, Stop))!;
        Assert.Equal(
            (_client, "user", "Ada", "preference", memory.OccurredAt, 1),
            (fact.Subject.ClientId!, fact.Subject.Type, fact.Subject.Id, fact.FactType, fact.ValidFrom, proofs));
        // Both by the same version of the session, and in the same transaction.
        Assert.Equal("1|t", await stage.Database.PsqlAsync(
            $"select count(distinct transaction_id), count(distinct head_version) = 1 from change_log where client_id = '{_client}' and (operation = 'update' or table_name = 'facts')"));
    }

    [Fact]
    public async Task several_facts_of_an_event_are_all_recorded_and_it_names_the_first()
    {
        var memory = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.\nuser Bob preference: Prefers coffee.\nuser Ada home: Lives in Rome.");

        await stage.SweepAsync();

        Assert.Equal(
            """
            Prefers tea.|Prefers tea.|test|7|small|0|t
            Prefers coffee.|Prefers coffee.|test|7|small|1|f
            Lives in Rome.|Lives in Rome.|test|7|small|2|f
            """, await stage.SourcesAsync(_client));
        Assert.Equal(3, (await stage.JobAsync(memory.Id)).FactIds.Length);
    }

    [Fact]
    public async Task what_is_less_important_or_of_the_house_is_not_looked_through_until_that_changes()
    {
        var memory = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.", salience: 0.6);
        await stage.Database.PsqlAsync("insert into events (content, salience_score) values ('user Ada preference: Prefers tea.', 0.9)");
        Assert.Equal("0", await stage.Database.PsqlAsync($"select count(*) from promotion_jobs where client_id = '{_client}'"));

        await stage.Database.PsqlAsync($"update events set salience_score = 0.7 where id = '{memory.Id}'");
        await stage.SweepAsync();

        Assert.Single((await stage.JobAsync(memory.Id)).FactIds);
        Assert.Equal((await stage.JobAsync(memory.Id)).FactIds[0], (await stage.Session(_client).GetEventAsync(memory.Id, Stop))!.PromotedToFactId);
        Assert.Equal("0", await stage.Database.PsqlAsync("select count(*) from promotion_jobs j join events e on e.id = event_id where e.client_id is null"));
    }

    [Fact]
    public async Task an_event_that_lost_its_importance_or_expired_before_its_turn_is_not_looked_through()
    {
        var less = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.");
        var over = (await stage.Session(_client).RememberAsync(
            new RememberRequest([new NewMemory("user Ada home: Lives in Rome.", Salience: 0.9, ExpiresAt: stage.Clock.GetUtcNow().AddMinutes(1))]), Stop)).Memories[0];
        await stage.Database.PsqlAsync($"update events set salience_score = 0.1 where id = '{less.Id}'");
        stage.Clock.Advance(TimeSpan.FromMinutes(2));
        var calls = stage.Extractor.Calls;

        await stage.SweepAsync();

        Assert.Equal(calls, stage.Extractor.Calls);
        Assert.Equal(["The memory is not important enough any more."], (await stage.JobAsync(less.Id)).SetAside);
        Assert.Equal(["The memory had expired before it was looked through."], (await stage.JobAsync(over.Id)).SetAside);
        Assert.Equal("", await stage.FactsAsync(_client));
    }

    [Fact]
    public async Task a_text_that_sql_changes_is_looked_through_anew_unless_facts_were_found_in_it()
    {
        var memory = await stage.RememberAsync(_client, "Nothing to be found here.");
        await stage.SweepAsync();
        Assert.Empty((await stage.JobAsync(memory.Id)).FactIds);

        await stage.Database.PsqlAsync($"update events set content = 'user Ada preference: Prefers tea.' where id = '{memory.Id}'");
        await stage.SweepAsync();
        Assert.Equal("Prefers tea.|Prefers tea.|test|7|small|0|t", await stage.SourcesAsync(_client));

        await stage.Database.PsqlAsync($"update events set content = 'user Ada preference: Prefers coffee.' where id = '{memory.Id}'");
        await stage.SweepAsync();
        Assert.Equal(PromotionState.Done, (await stage.JobAsync(memory.Id)).State);
        Assert.DoesNotContain("coffee", await stage.FactsAsync(_client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_text_that_changes_while_it_is_looked_through_is_looked_through_anew()
    {
        var memory = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.");
        stage.Extractor.Meanwhile = read => read.Content == memory.Content
            ? stage.Database.PsqlAsync($"update events set content = 'Well. user Ada preference: Prefers coffee.' where id = '{memory.Id}'") : Task.CompletedTask;

        await stage.SweepAsync();

        stage.Extractor.Meanwhile = _ => Task.CompletedTask;
        Assert.Equal("Prefers coffee.|Prefers coffee.|test|7|small|0|t", await stage.SourcesAsync(_client));
    }

    [Theory]
    [InlineData("Nothing to be found here.")]
    [InlineData("user Ada preference: Prefers milk.")]
    public async Task a_text_that_changes_when_what_was_found_in_it_is_stored_is_looked_through_anew(string before)
    {
        var memory = await stage.RememberAsync(_client, before);
        // Between the two steps: the operator's change is there before anything is recorded.
        await stage.Database.PsqlAsync(
            $$"""
            create function change_text() returns trigger language plpgsql as $f$
            begin
                update events set content = 'user Ada preference: Prefers coffee.' where id = new.event_id;
                return null;
            end $f$;
            create trigger change_text after update on promotion_jobs for each row
                when (new.event_id = '{{memory.Id}}' and old.extractor is null and new.state = 'extracted' and new.generation = 1) execute function change_text();
            """);

        await stage.SweepAsync();

        await stage.Database.PsqlAsync("drop trigger change_text on promotion_jobs; drop function change_text()");
        Assert.Equal("Prefers coffee.|Prefers coffee.|test|7|small|0|t", await stage.SourcesAsync(_client));
    }

    [Fact]
    public async Task what_was_decided_on_an_earlier_text_is_not_put_down_to_the_later_one()
    {
        var memory = await stage.RememberAsync(_client, "Nothing to be found here.");
        var store = stage.Store;
        var read = (await store.FindAsync(memory.Id, Stop))!;
        await stage.Database.PsqlAsync($"update events set content = 'user Ada preference: Prefers tea.' where id = '{memory.Id}'");

        Assert.False(await store.EndAsync(read, []));
        await store.StoreAsync(read, new FoundFacts("test", "7", null, Actors.Facts.NormalText.Md5("user Ada preference: Prefers tea."), [], []));
        await store.FailAsync(memory.Id, read.Generation, "llm_garbage: no", counts: true, stage.Clock.GetUtcNow().AddHours(1), 1);

        var job = await stage.JobAsync(memory.Id);
        Assert.Equal((PromotionState.Waiting, 0), (job.State, job.Attempts));
        Assert.Null(job.LastError);
        await stage.SweepAsync();
        Assert.Equal("Prefers tea.|Prefers tea.|test|7|small|0|t", await stage.SourcesAsync(_client));
    }

    [Theory]
    [InlineData(0.8)]
    [InlineData(0.1)]
    public async Task what_is_found_while_an_event_moves_to_another_client_is_not_the_other_clients(double salience)
    {
        var other = stage.NewClient();
        await stage.RememberAsync(other, "Hello.", salience: 0.1);
        var memory = await stage.RememberAsync(_client, "user Me preference: Prefers tea.");
        var moved = false;
        stage.Extractor.Bends = (read, fact) => fact with { SubjectId = read.ClientId };
        stage.Extractor.Meanwhile = async read =>
        {
            if (read.Id == memory.Id && !moved)
            {
                moved = true;
                await stage.Database.PsqlAsync($"update events set client_id = '{other}', salience_score = {(salience == 0.8 ? "0.8" : "0.1")} where id = '{memory.Id}'");
            }
        };

        await stage.SweepAsync();

        (stage.Extractor.Meanwhile, stage.Extractor.Bends) = (_ => Task.CompletedTask, (_, fact) => fact);
        Assert.Equal("", await stage.FactsAsync(_client));
        Assert.Equal(salience == 0.8 ? other : "", await stage.Database.PsqlAsync($"select subject_id from facts where client_id = '{other}'"));
        Assert.Equal(other, (await stage.JobAsync(memory.Id)).ClientId);
    }

    [Fact]
    public async Task an_event_that_is_less_important_takes_its_promotion_along_to_another_client()
    {
        var other = stage.NewClient();
        await stage.RememberAsync(other, "Hello.", salience: 0.1);
        var memory = await stage.RememberAsync(_client, "Nothing to be found here.");
        await stage.SweepAsync();
        await stage.Database.PsqlAsync($"update events set salience_score = 0.2 where id = '{memory.Id}'");

        await stage.Database.PsqlAsync($"update events set client_id = '{other}' where id = '{memory.Id}'");

        Assert.Equal((other, PromotionState.Done), ((await stage.JobAsync(memory.Id)).ClientId, (await stage.JobAsync(memory.Id)).State));
    }

    [Fact]
    public async Task an_event_that_is_deleted_takes_its_promotion_along()
    {
        var memory = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.");
        Assert.True(await stage.Session(_client).ForgetAsync(memory.Id, Stop));

        await stage.SweepAsync();

        Assert.Equal("0", await stage.Database.PsqlAsync($"select count(*) from promotion_jobs where client_id = '{_client}'"));
        Assert.Equal("", await stage.FactsAsync(_client));
    }

    [Fact]
    public async Task a_fact_that_is_retracted_is_no_longer_what_its_event_was_promoted_to_and_does_not_come_back()
    {
        var memory = await stage.RememberAsync(_client, "user Ada preference: Prefers tea.");
        await stage.SweepAsync();
        var promoted = (await stage.JobAsync(memory.Id)).FactIds[0];

        await stage.Subject(_client, "Ada").RetractAsync(new RetractFactRequest(promoted, "never true", new FactAuthor("tester")), Stop);
        await stage.SweepAsync();

        Assert.Null((await stage.Session(_client).GetEventAsync(memory.Id, Stop))!.PromotedToFactId);
        Assert.Equal("|0", await stage.Database.PsqlAsync($"select promoted_to_fact_id, (select count(*) from facts where client_id = '{_client}') from events where id = '{memory.Id}'"));
        Assert.Equal("t", await stage.Database.PsqlAsync(
            $"select version = (select max(head_version) from change_log where client_id = '{_client}') from session_heads where client_id = '{_client}'"));
        Assert.Empty((await stage.JobAsync(memory.Id)).FactIds);
    }

    [Fact]
    public async Task what_no_subject_can_take_is_set_aside_and_the_rest_recorded()
    {
        var memory = await stage.RememberAsync(_client, "user Ada a: One.\nuser Bob b: Two.\nuser Cid c: Three.\nuser Dee d: Four.\nuser Eve e: Five.");
        stage.Extractor.Bends = (read, fact) => read.Id != memory.Id ? fact : fact.SubjectId switch
        {
            "Ada" => fact with { SubjectId = "" },
            "Bob" => fact with { SpanEnd = 4_000 },
            "Cid" => fact with { Content = " " },
            "Dee" => fact with { FactType = new string('x', 200) },
            _ => fact,
        };

        await stage.SweepAsync();

        stage.Extractor.Bends = (_, fact) => fact;
        Assert.Equal("Five.|Five.|test|7|small|3|t", await stage.SourcesAsync(_client));
        Assert.Equal(
            ["Fact 1: the memory has no such span.", "Fact 0: name_length.", "Fact 1: content_length.", "Fact 2: name_length."], (await stage.JobAsync(memory.Id)).SetAside);
    }

    [Fact]
    public async Task an_extractor_is_told_of_the_facts_that_hold_then_those_that_share_words_first()
    {
        var day = stage.Clock.GetUtcNow().AddDays(-10);
        foreach (var (content, at) in new[] { ("user Ada drink: Prefers tea.", day), ("user Ada home: Lives in Rome.", day), ("user Ada later: Prefers later things.", day.AddDays(5)) })
        {
            await stage.RememberAsync(_client, content, at);
        }

        await stage.SweepAsync();
        await stage.RememberAsync(_client, "She said that Rome is where she lives.", day.AddDays(1));
        await stage.SweepAsync();

        Assert.Equal(["Lives in Rome.", "Prefers tea."], stage.Extractor.Known.Select(fact => fact.Content));
    }
}
