using System.Collections.Immutable;

namespace Actors.Patterns;

/// <summary>What a prompt may be, and becomes when it is changed. Pure.</summary>
internal static class PromptRules
{
    /// <summary>The variables of a text.</summary>
    /// <param name="name">The prompt's.</param>
    /// <param name="template">The text.</param>
    /// <param name="declared">What the request says they are; default: it does not.</param>
    /// <exception cref="PatternRefusedException">They are others, or the service does not supply them.</exception>
    public static ImmutableArray<string> VariablesOf(string name, string template, ImmutableArray<string> declared)
    {
        var text = PromptTemplateText.Parse(template);
        if (!declared.IsDefault)
        {
            text.EnsureDeclared(declared);
        }

        ServicePrompts.EnsureSendable(name, text);
        return text.Names;
    }

    /// <param name="prompt">A version, as it is.</param>
    /// <param name="change">What is to change.</param>
    /// <param name="newId">Id of a new version.</param>
    /// <param name="now">When a new version is made.</param>
    /// <returns>The same version changed, or the next one, whose number its store gives.</returns>
    /// <exception cref="PatternRefusedException">It would break a rule.</exception>
    /// <exception cref="PromptInUseException">The service sends it, and would have none to send.</exception>
    public static PromptRecord Change(PromptRecord prompt, PromptChange change, Guid newId, DateTimeOffset now)
    {
        var isNew = change.Template is not null && change.Template != prompt.Template;
        var changed = prompt with
        {
            Template = change.Template ?? prompt.Template,
            Purpose = change.Purpose is { } purpose ? purpose.Value : prompt.Purpose,
            Active = change.Active ?? (isNew || prompt.Active),
        };
        // A text that operators stored is looked at when it matters: it may be any.
        if (isNew || !change.Variables.IsDefault || (changed.Active && !prompt.Active))
        {
            var variables = VariablesOf(changed.Name, changed.Template, change.Variables);
            changed = isNew ? changed with { Id = newId, Variables = variables, CreatedAt = now, UpdatedAt = now } : changed;
        }

        if (!isNew && !changed.Active)
        {
            EnsureNotSent(prompt);
        }

        return changed;
    }

    /// <exception cref="PromptInUseException">The service sends it.</exception>
    public static void EnsureNotSent(PromptRecord prompt)
    {
        if (prompt.Active && ServicePrompts.Uses(prompt.Name))
        {
            throw new PromptInUseException();
        }
    }
}
