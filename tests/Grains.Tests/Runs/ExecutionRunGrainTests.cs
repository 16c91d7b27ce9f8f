using Actors.Grains.Tests.Sessions;
using Actors.Runs;
using Actors.Sessions;

namespace Actors.Grains.Tests.Runs;

public class ExecutionRunGrainTests(SessionFixture fixture) : IClassFixture<SessionFixture>
{
    private static readonly RunReport Nothing = new();

    private readonly Guid _id = Guid.CreateVersion7();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IExecutionRunGrain Run => fixture.Host.Grains.GetGrain<IExecutionRunGrain>(IExecutionRunGrain.KeyOf(_id));

    [Fact]
    public async Task a_completed_run_knows_how_far_its_estimate_was_off()
    {
        var client = fixture.NewClient();
        var started = await Run.StartAsync(new NewRun(client, "onboarding", EstimatedHours: 2.6m), Stop);
        Assert.Equal((RunStatus.Running, (decimal?)null), (started.Status, started.VariancePct));

        var ended = await Run.EndAsync(new RunEnd(RunStatus.Completed, new RunReport(ActualHours: 3.5m)), Stop);

        Assert.Equal(34.6m, Math.Round(ended.VariancePct!.Value, 1));
        Assert.NotNull(ended.EndedAt);
        Assert.Equal("34.6", await fixture.Database.PsqlAsync(
            $"select round(variance_pct, 1) from execution_runs where status = 'completed' and client_id = '{client}' order by variance_pct desc"));
        await fixture.RestartAsync();
        var refusal = await Assert.ThrowsAsync<RunEndedException>(() => Run.ReportAsync(new RunReport(ActualHours: 1), Stop));
        Assert.Equal(RunStatus.Completed, refusal.Status);
    }

    [Fact]
    public async Task of_64_parallel_completions_and_cancellations_one_wins()
    {
        var client = fixture.NewClient();
        await Run.StartAsync(new NewRun(client, EstimatedHours: 1), Stop);

        var ends = Enumerable.Range(0, 64).Select(i => Run.EndAsync(
            i % 2 == 0 ? new RunEnd(RunStatus.Completed, new RunReport(ActualHours: i)) : new RunEnd(RunStatus.Cancelled, Nothing, "given up"), Stop)).ToArray();
        await Task.WhenAll(ends.Select(end => Task.WhenAny(end)));

        var winner = await Assert.Single(ends, end => end.IsCompletedSuccessfully);
        Assert.All(ends.Where(end => end.IsFaulted), end => Assert.IsType<RunEndedException>(end.Exception!.InnerException));
        Assert.Equal(
            $"{RunStatusNames.Of(winner.Status)}|{winner.UpdatedAt:yyyy-MM-dd HH:mm:ss.ffffff}|1",
            await fixture.Database.PsqlAsync(
                $"""
                select status, to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
                       (select count(*) from change_log where table_name = 'execution_runs' and row_id = r.id and operation = 'update')
                from execution_runs r where id = '{_id}'
                """));
    }

    [Fact]
    public async Task the_end_of_a_run_ends_the_memories_of_its_scope_at_once()
    {
        var client = fixture.NewClient();
        await Run.StartAsync(new NewRun(client), Stop);
        var session = fixture.Session(client);
        await session.RememberAsync(new NewMemory("Step two is slow", Scope: MemoryScope.Run, RunId: _id));
        Assert.Single(await session.RecallAsync("slow step"));

        await Run.EndAsync(new RunEnd(RunStatus.Failed, Nothing, "no licence"), Stop);

        Assert.Empty(await session.RecallAsync("slow step"));
    }

    [Fact]
    public async Task a_session_that_could_not_look_when_a_run_ended_looks_with_its_next_request()
    {
        var client = fixture.NewClient();
        await Run.StartAsync(new NewRun(client), Stop);
        var session = fixture.Session(client);
        await session.RememberAsync(new NewMemory("Step two is slow", Scope: MemoryScope.Run, RunId: _id));
        await using (var connection = await fixture.Database.DataSource.OpenConnectionAsync(Stop))
        {
            await using var open = await connection.BeginTransactionAsync(Stop);
            await using var hold = new Npgsql.NpgsqlCommand("lock table events in access exclusive mode", connection);
            await hold.ExecuteNonQueryAsync(Stop);

            Assert.Equal(RunStatus.Failed, (await Run.EndAsync(new RunEnd(RunStatus.Failed, Nothing, "no licence"), Stop)).Status);
            await open.RollbackAsync(Stop);
        }

        Assert.Empty(await session.RecallAsync("slow step"));
    }

    [Fact]
    public async Task a_run_has_the_steps_of_its_template_and_their_hours()
    {
        var client = fixture.NewClient();
        const string Steps = """[{"order":1,"title":"Kick-off","estimated_hrs":1},{"order":2,"title":"Accounts","estimated_hrs":1.6},{"order":3}]""";
        var template = Guid.Parse(await fixture.Database.PsqlAsync(
            $"""
            with w as (insert into workflows (name, capability, steps) values ('Client onboarding', 'delivery', '{Steps}') returning id)
            insert into process_templates (name, workflow_id, checklist) select 'Onboarding of Ada', id, '{Steps}' from w returning id
            """));

        var run = await Run.StartAsync(new NewRun(client, ProcessTemplateId: template, IsBegun: false), Stop);

        Assert.Equal((RunStatus.Pending, (decimal?)2.6m), (run.Status, run.EstimatedHours));
        Assert.NotNull(run.WorkflowId);
        Assert.Equal(["Kick-off", "Accounts", "Step 3"], run.Steps.Select(step => step.Title));
        var unknown = await Assert.ThrowsAsync<RunRefusedException>(() => Run.EndAsync(new RunEnd(RunStatus.Completed, Nothing), Stop));
        Assert.Equal("actual_hours_required", unknown.Code);
        run = await Run.ReportAsync(new RunReport(Steps: [new StepReport(1, 1.5m), new StepReport(2, 2)]), Stop);
        Assert.Equal(RunStatus.Running, run.Status);
        run = await Run.EndAsync(new RunEnd(RunStatus.Completed, new RunReport(Steps: [new StepReport(3, 0)])), Stop);
        Assert.Equal(3.5m, run.ActualHours);
        await Assert.ThrowsAsync<RunNotFoundException>(() =>
            fixture.Host.Grains.GetGrain<IExecutionRunGrain>(IExecutionRunGrain.KeyOf(Guid.NewGuid())).ReportAsync(new RunReport(ActualHours: 1), Stop));
    }

    [Fact]
    public async Task telemetry_is_merged_and_bounded_and_what_sql_changed_counts()
    {
        await Run.StartAsync(new NewRun(fixture.NewClient()), Stop);
        await Run.ReportAsync(new RunReport("""{"calls":{"made":1,"missed":2},"note":"a"}"""), Stop);
        await fixture.Database.PsqlAsync($$"""update execution_runs set telemetry = telemetry || '{"by":"psql"}' where id = '{{_id}}'""");

        var run = await Run.ReportAsync(new RunReport("""{"calls":{"made":3,"missed":null},"note":null}"""), Stop);

        Assert.Equal("3|-|psql|-", await fixture.Database.PsqlAsync(
            $$"""
            select telemetry #>> '{calls,made}', coalesce(telemetry #>> '{calls,missed}', '-'), telemetry ->> 'by', coalesce(telemetry ->> 'note', '-')
            from execution_runs where id = '{{_id}}'
            """));
        var large = await Assert.ThrowsAsync<RunRefusedException>(() =>
            Run.ReportAsync(new RunReport($$"""{"log":"{{new string('x', 262_144)}}"}"""), Stop));
        Assert.Equal("telemetry_too_large", large.Code);
        Assert.Equal(run.UpdatedAt, (await Run.ReportAsync(new RunReport("{}"), Stop)).UpdatedAt);
    }

    [Fact]
    public async Task steps_that_sql_changed_meanwhile_count_as_they_are()
    {
        var client = fixture.NewClient();
        var workflow = await fixture.Database.PsqlAsync("insert into workflows (name, steps) values ('w', '[{\"title\":\"a\"},{\"title\":\"b\"}]') returning id");
        await Run.StartAsync(new NewRun(client, WorkflowId: Guid.Parse(workflow.Split('\n')[0])), Stop);
        await Run.ReportAsync(new RunReport(Steps: [new StepReport(1, 1), new StepReport(2, 1)]), Stop);

        await fixture.Database.PsqlAsync($"update run_steps set actual_hours = 5 where run_id = '{_id}' and step_number = 1");
        await Run.ReportAsync(new RunReport(Steps: [new StepReport(1, 1)]), Stop);
        Assert.Equal("1", await fixture.Database.PsqlAsync($"select actual_hours from run_steps where run_id = '{_id}' and step_number = 1"));

        await fixture.Database.PsqlAsync($"update run_steps set actual_hours = 5 where run_id = '{_id}' and step_number = 1");
        Assert.Equal(6, (await Run.EndAsync(new RunEnd(RunStatus.Completed, Nothing), Stop)).ActualHours);
    }

    [Fact]
    public async Task a_step_that_sql_took_away_is_no_step()
    {
        var workflow = await fixture.Database.PsqlAsync("insert into workflows (name, steps) values ('w', '[{\"title\":\"a\"}]') returning id");
        await Run.StartAsync(new NewRun(fixture.NewClient(), WorkflowId: Guid.Parse(workflow.Split('\n')[0])), Stop);
        await fixture.Database.PsqlAsync($"delete from run_steps where run_id = '{_id}'");

        Assert.Equal("no_such_step", (await Assert.ThrowsAsync<RunRefusedException>(() => Run.ReportAsync(new RunReport(Steps: [new StepReport(1, 1)]), Stop))).Code);
    }

    [Fact]
    public async Task an_identifier_is_one_runs_and_templates_must_be_there()
    {
        var client = fixture.NewClient();
        await Run.StartAsync(new NewRun(client, "one"), Stop);
        var other = fixture.Host.Grains.GetGrain<IExecutionRunGrain>(IExecutionRunGrain.KeyOf(Guid.CreateVersion7()));

        await Assert.ThrowsAsync<RunIdentifierTakenException>(() => other.StartAsync(new NewRun(client, "one"), Stop));
        var refusal = await Assert.ThrowsAsync<RunRefusedException>(() => other.StartAsync(new NewRun(client, WorkflowId: Guid.NewGuid()), Stop));
        Assert.Equal("no_such_workflow", refusal.Code);
    }
}
