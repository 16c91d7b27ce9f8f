using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Actors.Access;
using Actors.Http;
using Actors.Sessions;

namespace Actors.Runs;

/// <summary>Reads requests about runs.</summary>
internal static class RunBinding
{
    public const int DefaultPage = 50;
    public const int MaxPage = 500;
    public const int MaxCursorLength = 16;
    public const int MaxReasonLength = 1_024;
    public const int MaxSteps = 1_000;

    // Beyond it a list by variance is no list to page through.
    private const int MaxSkip = 1_000_000;

    /// <summary>In what a run may begin.</summary>
    public static ImmutableArray<string> FirstStatuses { get; } = ["running", "pending"];

    /// <summary>In what order runs are listed.</summary>
    public static ImmutableArray<string> Orders { get; } = ["newest", "variance_desc"];

    /// <summary>By what variances are grouped.</summary>
    public static ImmutableArray<string> Groupings { get; } = ["template", "workflow"];

    private const double MaxHours = (double)NewRun.MaxHours;

    public static NewRun New(JsonElement element, Caller caller)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var run = new NewRun(
            ClientIds.OfOneOrOnly(body, caller),
            body.Text("run_identifier", NewRun.MaxIdentifierLength),
            body.Id("process_template_id"),
            body.Id("workflow_id"),
            Hours(body, "estimated_hours"),
            (body.Choice("status", name => FirstStatuses.IndexOf(name) is >= 0 and var i ? i : (int?)null, FirstStatuses) ?? 0) == 0);
        if (run.RunIdentifier is { } identifier && (identifier.Contains('/') || identifier is "variance" or "." or ".."))
        {
            body.Fault("run_identifier", "must hold no slash, and be neither 'variance' nor '.' nor '..': addresses name runs by it");
        }

        if (run.ProcessTemplateId is not null && run.WorkflowId is not null)
        {
            body.Fault("workflow_id", "is the template's when process_template_id is given");
        }

        body.RefuseOthers();
        faults.ThrowIfAny();
        return run;
    }

    public static RunReport Report(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var report = ReportOf(body, faults);
        if (report is { TelemetryJson: null, ActualHours: null, Steps.IsEmpty: true })
        {
            faults.Add("", "must have telemetry, actual_hours or steps");
        }

        body.RefuseOthers();
        faults.ThrowIfAny();
        return report;
    }

    public static RunEnd End(JsonElement element, RunStatus status)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var end = new RunEnd(status, ReportOf(body, faults), status == RunStatus.Completed ? null : body.Text("reason", MaxReasonLength));
        body.RefuseOthers();
        faults.ThrowIfAny();
        return end;
    }

    public static RunListRequest List(IQueryCollection parameters, Caller caller)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var clientId = ClientIds.Of(query, required: false);
        var cursor = query.Text("cursor", MaxCursorLength);
        var skip = 0;
        if (cursor is not null && !(int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out skip) && skip is > 0 and <= MaxSkip))
        {
            query.Fault("cursor", "must be a next_cursor of this list");
        }

        var request = new RunListRequest(
            caller.Visibility,
            clientId,
            query.Choice("status", RunStatusNames.StatusOf, RunStatusNames.All),
            query.Id("process_template_id"),
            query.Id("workflow_id"),
            query.Choice("order", name => Orders.IndexOf(name) is >= 0 and var i ? (RunOrder)i : (RunOrder?)null, Orders) ?? RunOrder.Newest,
            query.Integer("limit", 1, MaxPage) ?? DefaultPage,
            skip);
        query.RefuseOthers();
        faults.ThrowIfAny();
        if (clientId is not null)
        {
            caller.EnsureMayRead(clientId);
        }

        return request;
    }

    public static VarianceRequest Variance(IQueryCollection parameters, Caller caller)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var clientId = ClientIds.Of(query, required: false);
        var grouping = query.Choice("group_by", name => Groupings.IndexOf(name) is >= 0 and var i ? (VarianceGrouping)i : (VarianceGrouping?)null, Groupings);
        query.RefuseOthers();
        faults.ThrowIfAny();
        if (clientId is not null)
        {
            caller.EnsureMayRead(clientId);
        }

        return new VarianceRequest(caller.Visibility, clientId, grouping ?? VarianceGrouping.Workflow);
    }

    /// <summary>Whose run an identifier names: the parameter's client, or else the only one of the key; null: the house's.</summary>
    public static string? ClientOf(IQueryCollection parameters, Caller caller)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var clientId = ClientIds.Of(query, required: false);
        query.RefuseOthers();
        faults.ThrowIfAny();
        if (clientId is not null)
        {
            caller.EnsureMayRead(clientId);
        }

        return clientId ?? caller.OnlyClientId;
    }

    public static string Cursor(int skip) => skip.ToString(CultureInfo.InvariantCulture);

    private static RunReport ReportOf(JsonObjectReader body, Faults faults) =>
        new(body.ObjectText("telemetry"), Hours(body, "actual_hours"), StepsOf(body, faults));

    private static ImmutableArray<StepReport> StepsOf(JsonObjectReader body, Faults faults)
    {
        if (body.Any("steps") is not { } list)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxSteps)
        {
            body.Fault("steps", $"must be an array of at most {MaxSteps} steps");
            return [];
        }

        var steps = ImmutableArray.CreateBuilder<StepReport>();
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            if (JsonObjectReader.For(item, $"/steps/{index}", faults) is not { } step)
            {
                continue;
            }

            var (number, hours) = (step.Integer("step_number", 1, MaxSteps), Hours(step, "actual_hours"));
            if (number is null || hours is null)
            {
                step.Fault(number is null ? "step_number" : "actual_hours", "is required");
                continue;
            }

            step.RefuseOthers();
            steps.Add(new StepReport(number.Value, hours.Value));
        }

        return steps.ToImmutable();
    }

    public static decimal? Hours(JsonObjectReader body, string name) => (decimal?)body.Number(name, 0, MaxHours);
}
