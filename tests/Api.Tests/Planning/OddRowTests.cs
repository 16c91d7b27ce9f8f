using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Planning;

/// <summary>Whatever an operator may write by SQL, lists, plans and weeks are answered.</summary>
[Collection(ServiceTests.Name)]
public class OddRowTests(ServiceFixture service)
{
    private readonly string _word = $"w{Guid.NewGuid():N}";

    public static TheoryData<string> Numbers => ["1e200", "1e-200", "7e28", "0.000000000000000000000000000000000000000000001", "1e1000"];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task numbers_no_decimal_holds_are_read_as_far_as_they_can_be(string number)
    {
        var client = service.NewClient();
        await service.Database.PsqlAsync(
            $"""
            insert into workflows (name, steps) values ('{_word}', jsonb_build_array(jsonb_build_object('title', 'a', 'estimated_hrs', {number}), jsonb_build_object('title', 'b', 'estimated_hrs', {number})));
            insert into execution_runs (client_id, workflow_id, status, estimated_hours, actual_hours) select '{client}', id, 'completed', {number}, {number} from workflows where name = '{_word}';
            insert into execution_runs (client_id, workflow_id, status, estimated_hours, actual_hours) select '{client}', id, 'completed', 1e-28, 1 from workflows where name = '{_word}';
            insert into run_steps (run_id, step_number, title, estimated_hours, actual_hours) select id, 1, 'a', {number}, {number} from execution_runs where client_id = '{client}';
            insert into tasks (client_id, title, estimated_hours, actual_hours, scheduled_start_at) values ('{client}', 't', {number}, {number}, now()), ('{client}', 'u', {number}, 1, now());
            insert into sprints (client_id, name, starts_on, ends_on, capacity_hours) values ('{client}', 's', '2026-11-23', '2026-11-29', {number})
            """);

        await AllAnswerAsync(client);
        var (status, run) = await service.PostAsync("/api/v1/runs", new { client_id = client, workflow_id = await service.Database.PsqlAsync($"select id from workflows where name = '{_word}'") });
        Assert.True(status == 201, run?.ToJsonString());
    }

    [Fact]
    public async Task json_as_deep_as_postgres_takes_it_is_read()
    {
        var client = service.NewClient();
        const string Deep = "(repeat('[', 300) || repeat(']', 300))::jsonb";
        await service.Database.PsqlAsync(
            $"""
            insert into workflows (name, steps) values ('{_word}', {Deep});
            insert into process_templates (name, engagement_id, workflow_id, checklist) select '{_word}', '{_word}', id, {Deep} from workflows where name = '{_word}';
            insert into plans (client_id, title, sop) values ('{client}', 'p', jsonb_build_object('checklist', {Deep}))
            """);

        await AllAnswerAsync(client);
        await service.Database.PsqlAsync($"delete from process_templates where name = '{_word}'; delete from workflows where name = '{_word}'");
    }

    [Fact]
    public async Task what_is_not_changed_of_an_operators_json_stays_as_it_was_written()
    {
        var client = service.NewClient();
        var ids = (await service.Database.PsqlAsync(
            $$"""
            with workflow as (insert into workflows (name, steps) values ('{{_word}}', '[{"title":"A","tool":"Excel","estimated_hrs":"3"}]') returning id)
            insert into plans (client_id, title, workflow_id, sop) select '{{client}}', 'p', id, '{"owner":"bob","checklist":[{"title":"A","step_number":2,"tool":"Excel"},{"title":"B"}]}' from workflow
            returning workflow_id, id
            """)).Split('\n')[0].Split('|');

        Assert.Equal(200, (await service.SendAsync(HttpMethod.Patch, $"/api/v1/patterns/workflows/{ids[0]}", """{"description":"d"}""")).Status);
        Assert.Equal(200, (await service.SendAsync(HttpMethod.Patch, $"/api/v1/planner/plans/{ids[1]}", """{"plan_title":"q"}""")).Status);
        var (status, plan) = await service.PostAsync($"/api/v1/planner/plans/{ids[1]}/approve", new { });

        Assert.Equal(200, status);
        Assert.Equal([("A", 2), ("B", 1)], plan!["sop"]!["checklist"]!.AsArray().Select(step => ((string)step!["title"]!, (int)step["step_number"]!)));
        Assert.Equal("Excel|bob|Excel|q", await service.Database.PsqlAsync(
            $"select w.steps -> 0 ->> 'tool', p.sop ->> 'owner', p.sop #>> '{{checklist,0,tool}}', p.title from plans p join workflows w on w.id = p.workflow_id where p.id = '{ids[1]}'"));
    }

    [Fact]
    public async Task runs_by_sql_teach_too()
    {
        var client = service.NewClient();
        await service.Database.PsqlAsync(
            $"""
            insert into workflows (name, steps) values ('{_word}', jsonb_build_array(jsonb_build_object('title', 'a', 'estimated_hrs', 1), jsonb_build_object('title', 'b', 'estimated_hrs', 3)));
            insert into process_templates (name, workflow_id, checklist) select name, id, steps from workflows where name = '{_word}';
            insert into execution_runs (client_id, workflow_id, status, actual_hours) select '{client}', id, 'completed', 8 from workflows where name = '{_word}';
            insert into execution_runs (client_id, process_template_id, status, actual_hours) select '{client}', id, 'completed', 8 from process_templates where name = '{_word}'
            """);

        var (_, plan) = await service.PostAsync("/api/v1/planner/plan", new { client_id = client, intent = _word });

        Assert.Equal([2.0, 6.0], plan!["sop"]!["checklist"]!.AsArray().Select(step => (double)step!["estimated_hours"]!));
        Assert.Equal(2, (int)plan["sop"]!["checklist"]![0]!["basis"]!["runs"]!);
    }

    private async Task AllAnswerAsync(string client)
    {
        foreach (var path in (string[])[
            $"/api/v1/tasks?client_id={client}", $"/api/v1/sprints?client_id={client}", $"/api/v1/sprints/2026-W48/capacity?client_id={client}", $"/api/v1/runs?client_id={client}",
            $"/api/v1/runs?client_id={client}&order=variance_desc", $"/api/v1/runs/variance?client_id={client}", $"/api/v1/runs/variance?client_id={client}&group_by=template",
            $"/api/v1/planner/plans?client_id={client}", "/api/v1/patterns/workflows", "/api/v1/patterns/process-templates"])
        {
            var (status, body) = await service.GetAsync(path);
            Assert.True(status == 200, $"{path}: {body}");
        }

        foreach (var plan in (object[])[new { client_id = client, intent = _word }, new { client_id = client, intent = _word, engagement_id = _word }])
        {
            var (status, body) = await service.PostAsync("/api/v1/planner/plan", plan);
            Assert.True(status == 201, body?.ToJsonString());
        }
    }
}
