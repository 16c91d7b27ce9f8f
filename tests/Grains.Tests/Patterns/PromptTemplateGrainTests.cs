using Actors.Grains.Tests.Sessions;
using Actors.Patterns;
using Actors.Storage;

namespace Actors.Grains.Tests.Patterns;

public class PromptTemplateGrainTests(SessionFixture fixture) : IClassFixture<SessionFixture>
{
    private readonly string _name = $"test.{Guid.NewGuid():N}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IPromptTemplateGrain Prompts => fixture.Host.Grains.GetGrain<IPromptTemplateGrain>(IPromptTemplateGrain.Key);

    private IPatternQueryGrain Patterns => fixture.Host.Grains.GetGrain<IPatternQueryGrain>(IPatternQueryGrain.Key);

    [Fact]
    public async Task of_16_parallel_new_texts_none_is_lost_and_one_is_active()
    {
        var first = await Prompts.CreateAsync(new NewPrompt(_name, "Text 0"), Stop);

        var stored = await Task.WhenAll(Enumerable.Range(1, 16).Select(i => Prompts.ChangeAsync(first.Id, new PromptChange($"Text {i}"), Stop)));

        Assert.Equal(Enumerable.Range(2, 16), stored.Select(prompt => prompt.Version).Order());
        Assert.Equal(Enumerable.Range(1, 16).Select(i => $"Text {i}").Order(), stored.Select(prompt => prompt.Template).Order());
        var versions = (await Patterns.ListPromptsAsync(new PromptListRequest(_name, null, 100, null), Stop)).Prompts;
        Assert.Equal(17, versions.Length);
        Assert.Equal(17, Assert.Single(versions, prompt => prompt.Active).Version);
        Assert.Equal(17, (await Patterns.FindActivePromptAsync(_name, Stop))!.Version);
    }

    [Fact]
    public async Task two_writers_lose_no_version_either()
    {
        var first = await Prompts.CreateAsync(new NewPrompt(_name, "Text 0"), Stop);
        // As while a silo is taken for dead.
        await using var source = PostgresConnections.Create(fixture.Database.ConnectionString);
        var other = new PromptTemplateStore(new Database(source, new WriteGate()));

        var stored = await Task.WhenAll(Enumerable.Range(1, 16).Select(i => i % 2 == 0
            ? Prompts.ChangeAsync(first.Id, new PromptChange($"Text {i}"), Stop)
            : other.ChangeAsync(first.Id, prompt => prompt with { Id = Guid.CreateVersion7(), Template = $"Text {i}", Active = true })));

        Assert.Equal(Enumerable.Range(2, 16), stored.Select(prompt => prompt.Version).Order());
        Assert.Equal("1", await fixture.Database.PsqlAsync($"select count(*) from prompt_templates where name = '{_name}' and active"));
    }

    [Fact]
    public async Task a_version_keeps_its_text_and_one_of_them_is_active()
    {
        var first = await Prompts.CreateAsync(new NewPrompt(_name, "Ask {{who}}", "why"), Stop);
        Assert.Equal(["who"], first.Variables);
        Assert.Equal(first.Id, (await Prompts.ChangeAsync(first.Id, new PromptChange("Ask {{who}}", Purpose: new Given<string>(null)), Stop)).Id);

        var second = await Prompts.ChangeAsync(first.Id, new PromptChange("Tell {{who}} {{what}}"), Stop);
        var draft = await Prompts.ChangeAsync(second.Id, new PromptChange("Tell {{who}}", Active: false), Stop);

        Assert.Equal((2, true, 3, false), (second.Version, second.Active, draft.Version, draft.Active));
        Assert.Equal(second.Id, (await Patterns.FindActivePromptAsync(_name, Stop))!.Id);
        var back = await Prompts.ChangeAsync(first.Id, new PromptChange(Active: true), Stop);
        Assert.Equal((first.Id, "Ask {{who}}", true), (back.Id, back.Template, back.Active));
        Assert.Equal(first.Id, (await Patterns.FindActivePromptAsync(_name, Stop))!.Id);
        await Prompts.ChangeAsync(first.Id, new PromptChange(Active: false), Stop);
        Assert.Null(await Patterns.FindActivePromptAsync(_name, Stop));
        await Prompts.DeleteAsync(second.Id, Stop);
        await Assert.ThrowsAsync<PatternNotFoundException>(() => Prompts.ChangeAsync(second.Id, new PromptChange("a"), Stop));
        await Assert.ThrowsAsync<PromptNameTakenException>(() => Prompts.CreateAsync(new NewPrompt(_name, "a"), Stop));
        Assert.Equal(4, (await Prompts.ChangeAsync(first.Id, new PromptChange("b"), Stop)).Version);
    }

    [Fact]
    public async Task what_operators_wrote_is_read_as_far_as_it_can_be()
    {
        await fixture.Database.PsqlAsync(
            $$$"""
            insert into prompt_templates (name, template, variables, version, active)
            values ('{{{_name}}}', 'Odd {{ text', '["a",1,null,{"b":2}]', 1, false), ('{{{_name}}}', 'Sent', '[]', 2147483647, true)
            """);
        var versions = (await Patterns.ListPromptsAsync(new PromptListRequest(_name, null, 10, null), Stop)).Prompts;
        var odd = Assert.Single(versions, prompt => prompt.Version == 1);
        Assert.Equal(["a"], odd.Variables);

        Assert.Equal("kept", (await Prompts.ChangeAsync(odd.Id, new PromptChange(Purpose: new Given<string>("kept")), Stop)).Purpose);
        var malformed = await Assert.ThrowsAsync<PatternRefusedException>(() => Prompts.ChangeAsync(odd.Id, new PromptChange(Active: true), Stop));
        Assert.Equal("malformed_placeholder", malformed.Code);
        var last = await Assert.ThrowsAsync<PatternRefusedException>(() => Prompts.ChangeAsync(odd.Id, new PromptChange("New"), Stop));
        Assert.Equal("version_out_of_range", last.Code);
        Assert.Equal(int.MaxValue, (await Patterns.FindActivePromptAsync(_name, Stop))!.Version);
    }

    [Fact]
    public async Task a_prompt_that_the_service_sends_has_an_active_version_with_variables_it_supplies()
    {
        await fixture.Database.PsqlAsync("insert into prompt_templates (name, template) values ('plan.sop', 'Plan {{intent}}') on conflict do nothing");
        var sent = (await Patterns.FindActivePromptAsync("plan.sop", Stop))!;

        var refusal = await Assert.ThrowsAsync<PatternRefusedException>(() => Prompts.ChangeAsync(sent.Id, new PromptChange("Plan {{weather}}"), Stop));
        Assert.Equal("variable_not_supplied", refusal.Code);
        await Assert.ThrowsAsync<PromptInUseException>(() => Prompts.ChangeAsync(sent.Id, new PromptChange(Active: false), Stop));
        await Assert.ThrowsAsync<PromptInUseException>(() => Prompts.DeleteAsync(sent.Id, Stop));

        var next = await Prompts.ChangeAsync(sent.Id, new PromptChange("Plan {{intent}} on {{today}}"), Stop);
        await Prompts.DeleteAsync(sent.Id, Stop);
        Assert.Equal(next.Id, (await Patterns.FindActivePromptAsync("plan.sop", Stop))!.Id);
    }
}
