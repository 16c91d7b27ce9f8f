using Actors.Hosting;
using Actors.Sessions;
using Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Actors.Planning;

/// <summary>Writes a plan's procedure: by a language model if one is configured, else by the rules.</summary>
/// <param name="model">Null: none is configured.</param>
internal sealed partial class PlanWriter(
    ModelPlanWriter? model, IGrainFactory grains, PlanStore store, TimeProvider time, PlanningMetrics metrics, ILogger<PlanWriter> logger)
{
    // As important as a decision that must not be missed: somebody waits for a plan that did not come.
    private const double SalienceOfFailure = 0.9;
    private const int IntentInEvent = 500;

    /// <summary>Writes it.</summary>
    /// <returns>The procedure, who wrote it, and whether that is not whom it should have been.</returns>
    /// <exception cref="LanguageModelException">The model failed, and the plan is not to fall back on rules. An event of the client records it.</exception>
    public async Task<(Sop Sop, string Writer, bool IsFallback)> WriteAsync(PlanMaterial material, CancellationToken cancellationToken)
    {
        if (model is null)
        {
            metrics.Written("rules");
            return (RulePlanWriter.Write(material), "rules", false);
        }

        var begun = time.GetTimestamp();
        try
        {
            var sop = await model.WriteAsync(material, cancellationToken);
            metrics.Written("llm");
            return (sop, "llm", false);
        }
        catch (LanguageModelException failure)
        {
            LogFailure(failure.Message);
            metrics.Written(material.Plan.FallsBackToRules ? "rules_instead" : "failed");
            await TryRecordAsync(material, failure);
            if (!material.Plan.FallsBackToRules)
            {
                throw;
            }

            return (RulePlanWriter.Write(material), "rules", true);
        }
        finally
        {
            metrics.ModelTook(time.GetElapsedTime(begun));
        }
    }

    // Not cancelled: whoever asked may have gone by now, and what happened is to be known all the same. That it cannot be stored is no
    // reason to keep the answer back.
    private async Task TryRecordAsync(PlanMaterial material, LanguageModelException failure)
    {
        var content = $"No plan was written by the language model. {failure.Message} Intent: {PlanRules.Shortened(material.Plan.Intent, IntentInEvent)}";
        const string Metadata = """{"source":"planner","error":"llm_error"}""";
        try
        {
            if (material.Plan.ClientId is { } clientId)
            {
                await grains.GetGrain<ISessionGrain>(SessionKey.Of(clientId)).RememberAsync(
                    new RememberRequest([new NewMemory(content, Salience: SalienceOfFailure, MetadataJson: Metadata)]), CancellationToken.None);
            }
            else
            {
                await store.InsertHouseEventAsync(content, SalienceOfFailure, Metadata, material.Now);
            }
        }
        catch (Exception unrecorded) when (unrecorded is StorageUnavailableException or OutcomeUnknownException or WritesSuspendedException or SessionBusyException
                                               or SessionLoadingException or TimeoutException or OrleansException)
        {
            LogUnrecorded(unrecorded);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The language model wrote no plan, and no event could record it")]
    private partial void LogUnrecorded(Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The language model wrote no plan: {Reason}")]
    private partial void LogFailure(string reason);
}
