using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Access;
using Actors.Changes;
using Actors.Clients;
using Actors.Facts;
using Actors.Ops;
using Actors.Patterns;
using Actors.Planning;
using Actors.Promotion;
using Actors.Runs;
using Actors.Sessions;
using Actors.Work;
using Actors.Zep;

namespace Actors.Http;

/// <summary>How answers become JSON: snake_case, generated at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
[JsonSerializable(typeof(ErasureView))]
[JsonSerializable(typeof(ErasureList))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(RememberedMemory))]
[JsonSerializable(typeof(RememberedBatch))]
[JsonSerializable(typeof(RecallResults))]
[JsonSerializable(typeof(RecallContext))]
[JsonSerializable(typeof(EventAnswer))]
[JsonSerializable(typeof(EventList))]
[JsonSerializable(typeof(KeyAnswer))]
[JsonSerializable(typeof(CreatedKeyAnswer))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(FactView))]
[JsonSerializable(typeof(FactList))]
[JsonSerializable(typeof(FactHistoryView))]
[JsonSerializable(typeof(SubjectView))]
[JsonSerializable(typeof(WorkflowView))]
[JsonSerializable(typeof(WorkflowList))]
[JsonSerializable(typeof(BlueprintView))]
[JsonSerializable(typeof(BlueprintList))]
[JsonSerializable(typeof(TemplateView))]
[JsonSerializable(typeof(TemplateList))]
[JsonSerializable(typeof(MadePlanView))]
[JsonSerializable(typeof(PlanView))]
[JsonSerializable(typeof(PlanList))]
[JsonSerializable(typeof(PlanTasksView))]
[JsonSerializable(typeof(PromptView))]
[JsonSerializable(typeof(PromptList))]
[JsonSerializable(typeof(RenderedView))]
[JsonSerializable(typeof(RunView))]
[JsonSerializable(typeof(RunList))]
[JsonSerializable(typeof(VarianceView))]
[JsonSerializable(typeof(TaskView))]
[JsonSerializable(typeof(TaskList))]
[JsonSerializable(typeof(ProjectView))]
[JsonSerializable(typeof(ProjectList))]
[JsonSerializable(typeof(SprintView))]
[JsonSerializable(typeof(SprintList))]
[JsonSerializable(typeof(CapacityView))]
[JsonSerializable(typeof(ChangeView))]
[JsonSerializable(typeof(ChangeList))]
[JsonSerializable(typeof(WebhookView))]
[JsonSerializable(typeof(WebhookList))]
[JsonSerializable(typeof(DeadLetterView))]
[JsonSerializable(typeof(DeadLetterList))]
[JsonSerializable(typeof(OutboxView))]
[JsonSerializable(typeof(OutboxList))]
[JsonSerializable(typeof(DetailedHealth))]
[JsonSerializable(typeof(PromotionView))]
[JsonSerializable(typeof(PromotionList))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>
    /// What answers are written with: text as it is, not escaped for HTML, since answers are never HTML and escapes double
    /// the size of most languages.
    /// </summary>
    public static JavaScriptEncoder Encoder { get; } = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Answers as they are written, with <see cref="Encoder"/>.</summary>
    public static ApiJson Answers { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = Encoder,
    });
}
