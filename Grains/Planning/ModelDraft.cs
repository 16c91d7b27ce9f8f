using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.LanguageModels;
using Actors.Patterns;
using Actors.Runs;
using Actors.Work;

namespace Actors.Planning;

/// <summary>A procedure as a language model writes it.</summary>
internal sealed record ModelDraft(
    string Title, string Summary, ImmutableArray<ModelStep> Steps, ImmutableArray<string> Assumptions, ImmutableArray<string> Risks)
{
    private const int MaxFaults = 10;

    /// <summary>The shape that is demanded, in the subset of JSON schema that endpoints enforce: all members required, no others.</summary>
    public static BinaryData Schema { get; } = BinaryData.FromString(
        """
        {"type":"object","additionalProperties":false,"required":["title","summary","steps","assumptions","risks"],"properties":{
          "title":{"type":"string"},"summary":{"type":"string"},
          "steps":{"type":"array","items":{"type":"object","additionalProperties":false,
            "required":["number","title","description","workflow_step","estimated_hours","dependencies","owner","tags"],"properties":{
              "number":{"type":"integer"},"title":{"type":"string"},"description":{"type":["string","null"]},
              "workflow_step":{"type":["integer","null"]},"estimated_hours":{"type":["number","null"]},
              "dependencies":{"type":"array","items":{"type":"integer"}},"owner":{"type":["string","null"]},
              "tags":{"type":"array","items":{"type":"string"}}}}},
          "assumptions":{"type":"array","items":{"type":"string"}},
          "risks":{"type":"array","items":{"type":"string"}}}}
        """);

    /// <summary>Reads an answer.</summary>
    /// <param name="answer">JSON, perhaps within the marks of a code block.</param>
    /// <param name="workflowSteps">How many steps there are to refer to.</param>
    /// <param name="faults">What is wrong with it, to be told to the model; empty: nothing.</param>
    /// <returns>Null with faults.</returns>
    public static ModelDraft? Read(string answer, int workflowSteps, out ImmutableArray<string> faults)
    {
        try
        {
            var draft = JsonSerializer.Deserialize(CodeBlock.Without(answer), ModelDraftJson.Default.ModelDraft);
            // Lists may hold null, whatever the schema says.
            faults = draft is null || draft.Steps.Any(step => step is null) ? ["the answer, or a step of it, is null"] : [.. draft.Faults(workflowSteps).Take(MaxFaults)];
            return faults.IsEmpty ? draft : null;
        }
        // InvalidOperationException: half a surrogate pair.
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            faults = [$"the answer is not JSON of the demanded schema: {PlanRules.Shortened(failure.Message, 300)}"];
            return null;
        }
    }

    /// <summary>The procedure: hours of steps of the workflow are what is known of those, whatever the model thinks.</summary>
    /// <param name="known">The workflow's steps, in the order in which the model was told them.</param>
    /// <param name="preferences">What the client wants, which stands among the assumptions whatever the model makes of it.</param>
    public Sop ToSop(ImmutableArray<SopStep> known, IEnumerable<string> preferences)
    {
        ImmutableArray<SopStep> steps = [.. Steps.Select(step => StepOf(step, step.WorkflowStep is { } number ? known[number - 1] : null))];
        return new Sop(
            Title, Summary, steps,
            [.. preferences.Concat(Assumptions).Select(text => PlanRules.Shortened(text, Sop.MaxRemarkLength)).Distinct(StringComparer.OrdinalIgnoreCase).Take(Sop.MaxRemarks)],
            [.. Risks.Concat(RulePlanWriter.RisksOf(steps)).Take(Sop.MaxRemarks)]);
    }

    private static SopStep StepOf(ModelStep step, SopStep? known) => new(
        step.Number,
        known?.Title ?? step.Title,
        step.Description ?? known?.Description,
        known is null ? step.EstimatedHours : known.EstimatedHours,
        known?.Basis ?? new HoursBasis(step.EstimatedHours is null ? HoursSource.None : HoursSource.Model),
        [.. step.Dependencies.Distinct()],
        step.Owner,
        [.. step.Tags.Distinct()]);

    private IEnumerable<string> Faults(int workflowSteps)
    {
        if (Steps.Length is 0 or > Sop.MaxSteps)
        {
            yield return $"there must be 1 to {Sop.MaxSteps} steps";
        }

        foreach (var fault in TextFaults("title", Title, PlanChange.MaxTitleLength).Concat(TextFaults("summary", Summary, Sop.MaxSummaryLength)))
        {
            yield return fault;
        }

        foreach (var remark in Assumptions.Concat(Risks).SelectMany(text => TextFaults("an assumption or risk", text, Sop.MaxRemarkLength)))
        {
            yield return remark;
        }

        foreach (var fault in Steps.SelectMany(step => step.Faults(workflowSteps)))
        {
            yield return fault;
        }

        if (Steps.Where(step => step.WorkflowStep is not null).GroupBy(step => step.WorkflowStep).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            yield return $"workflow_step {twice.Key} is used by more than one step";
        }

        if (OrderFault() is { } order)
        {
            yield return order;
        }
    }

    private string? OrderFault()
    {
        try
        {
            PlanRules.InOrder([.. Steps.Select(step => StepOf(step, known: null))]);
            return null;
        }
        catch (PlanRefusedException refusal)
        {
            return refusal.Message;
        }
    }

    internal static IEnumerable<string> TextFaults(string what, string? text, int maxLength)
    {
        if (text is null || string.IsNullOrWhiteSpace(text) || text.Length > maxLength || text.Contains('\0'))
        {
            yield return $"{what} must be text of 1 to {maxLength} characters";
        }
    }
}

/// <summary>A step as a language model writes it.</summary>
internal sealed record ModelStep(
    int Number, string Title, string? Description, int? WorkflowStep, decimal? EstimatedHours, ImmutableArray<int> Dependencies, string? Owner, ImmutableArray<string> Tags)
{
    /// <summary>What is wrong with it by itself.</summary>
    public IEnumerable<string> Faults(int workflowSteps) =>
    [
        .. Number is < 1 or > Sop.MaxSteps ? [$"number {Number} must be 1 to {Sop.MaxSteps}"] : Array.Empty<string>(),
        .. WorkflowStep is { } step && (step < 1 || step > workflowSteps) ? [$"workflow_step {step} of step {Number} is no step of the first workflow"] : Array.Empty<string>(),
        .. EstimatedHours is < 0 or > NewRun.MaxHours ? [$"estimated_hours of step {Number} must be 0 to {NewRun.MaxHours}"] : Array.Empty<string>(),
        .. ModelDraft.TextFaults($"title of step {Number}", Title, Patterns.WorkflowStep.MaxTitleLength),
        .. Description is null ? [] : ModelDraft.TextFaults($"description of step {Number}", Description, Patterns.WorkflowStep.MaxDescriptionLength),
        .. Owner is null ? [] : ModelDraft.TextFaults($"owner of step {Number}", Owner, NewTask.MaxOwnerLength),
        .. Tags.Length > NewTask.MaxTags ? [$"step {Number} has more than {NewTask.MaxTags} tags"] : Array.Empty<string>(),
        .. Tags.SelectMany(tag => ModelDraft.TextFaults($"a tag of step {Number}", tag, NewTask.MaxTagLength)),
    ];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ModelDraft))]
internal sealed partial class ModelDraftJson : JsonSerializerContext;
