using System.Text.Json.Nodes;
using Actors.OpenApi;

namespace Actors.Patterns;

/// <summary>What the routes of <see cref="PromptTemplateApi"/> do, and what their requests hold, as <see cref="PromptTemplateBinding"/> reads it.</summary>
internal static class PromptTemplateDocs
{
    private const string Prompt =
        """
        {"prompt_template_id":"01a204c1-fdad-77e9-aaf4-f9c3bd0985d8","name":"report.weekly","version":2,"purpose":"The report of a client's week.",
         "template":"Report what {{client}} has to know of {{week}}.","variables":["client","week"],"active":true,
         "created_at":"2026-11-23T09:00:00+00:00","updated_at":"2026-11-23T09:00:00+00:00"}
        """;

    private static readonly PatternRefusedException Malformed = new("malformed_placeholder", "The {{ at character 8 of the text begins no placeholder, such as {{name}}.");

    private static readonly Exception[] OfTexts =
    [
        Malformed,
        new PatternRefusedException("undeclared_variable", "These variables of the text are not in variables: week."),
        new PatternRefusedException("unused_variable", "The text does not have these of variables: month."),
        new PatternRefusedException("variable_not_supplied", "The service supplies today, intent, but not: weather."),
    ];

    public static RouteDoc Create { get; } = new(
        "createPromptTemplate", PatternDocs.Tag, "Store a prompt",
        "Version 1 of a new name. Placeholders of the text are `{{name}}`, their names `a-z`, `0-9` and `_`, beginning with a letter. A prompt that the service itself sends may have only the variables that it supplies.")
    {
        Body = new(
            Schemas.Object(
                "NewPromptTemplate",
                new Field("name", NameSchema, "What it is called.", "report.weekly") { IsRequired = true },
                Template with { IsRequired = true }, Variables, Purpose, Active with { Default = true }),
            ("prompt", """{"name":"report.weekly","purpose":"The report of a client's week.","template":"Report what {{client}} has to know of {{week}}."}"""),
            ("declared", """{"name":"report.daily","template":"Report what {{client}} has to know of today.","variables":["client"],"active":false}""")),
        Answers = [AnswerDoc.Json<PromptView>(201, "The first version.", Prompt)],
        Refusals = [new PromptNameTakenException(), .. OfTexts],
    };

    public static RouteDoc List { get; } = new("listPromptTemplates", PatternDocs.Tag, "List versions of prompts", "Newest first, inactive ones too unless `active` says otherwise.")
    {
        Parameters =
        [
            new Field("name", Schemas.Text(NewPrompt.MaxNameLength), "Only versions of this prompt.", "report.weekly"),
            new Field("active", Schemas.Flag, "Only those that are sent, or are not.", true),
            PatternDocs.Limit, PatternDocs.Cursor,
        ],
        Answers = [AnswerDoc.Json<PromptList>(200, "One page.", $$"""{"items":[{{Prompt}}],"next_cursor":null}""")],
    };

    public static RouteDoc Get { get; } = new("getPromptTemplate", PatternDocs.Tag, "One version of a prompt", "With its text.")
    {
        Parameters = [PatternDocs.IdOf("version")],
        Answers = [AnswerDoc.Json<PromptView>(200, "The version.", Prompt)],
        Refusals = [PatternDocs.NoSuchPattern],
    };

    public static RouteDoc Change { get; } = new(
        "changePromptTemplate", PatternDocs.Tag, "Change a prompt",
        "What is not named stays; null takes a purpose away. A new text becomes the next version, with an id of its own, and is active unless `active` is false: the text of a version never changes. "
        + "When a version becomes active, the others of its name no longer are.")
    {
        Parameters = [PatternDocs.IdOf("version")],
        Body = new(
            Schemas.Object("PromptTemplateChange", Template with { IsNullable = false }, Variables, Purpose, Active),
            ("text", """{"template":"Report what {{client}} has to know of {{week}}, in ten lines."}"""),
            ("purpose", """{"purpose":"The report of a client's week.","active":true}""")),
        Answers = [AnswerDoc.Json<PromptView>(200, "The version as it is now; the new one, if there is one.", Prompt)],
        Refusals = [PatternDocs.NoSuchPattern, new PromptInUseException(), .. OfTexts],
    };

    public static RouteDoc Delete { get; } = new(
        "deletePromptTemplate", PatternDocs.Tag, "Delete a version of a prompt", "The others stay as they are. The active version of a prompt that the service itself sends stays.")
    {
        Parameters = [PatternDocs.IdOf("version")],
        Answers = [new AnswerDoc(204, "Deleted.")],
        Refusals = [PatternDocs.NoSuchPattern, new PromptInUseException()],
    };

    public static RouteDoc Render { get; } = new(
        "renderPromptTemplate", PatternDocs.Tag, "Try a prompt",
        "What would be sent: the text with its placeholders filled in. Nothing is sent or stored. What a variable's text holds is never taken for a placeholder.")
    {
        Parameters = [PatternDocs.IdOf("version")],
        Body = new(
            Schemas.Object(
                "PromptVariables",
                new Field(
                    "variables", Schemas.MapOf(Schemas.Text()), "A text for each variable of the prompt.", new JsonObject { ["client"] = "Ada", ["week"] = "week 48" })),
            ("variables", """{"variables":{"client":"Ada","week":"week 48"}}""")),
        Answers =
        [
            AnswerDoc.Json<RenderedView>(200, "The prompt.", """{"prompt":"Report what Ada has to know of week 48.","variables_used":["client","week"]}"""),
        ],
        Refusals =
        [
            PatternDocs.NoSuchPattern,
            Malformed,
            new PatternRefusedException("variable_missing", "These variables of the prompt are not given: week."),
            new PatternRefusedException("variable_unknown", "The prompt does not have these variables: month."),
            new PatternRefusedException("prompt_too_long", $"The prompt would have 2000000 characters; it may have {RenderedPrompt.MaxLength}."),
        ],
    };

    private static JsonObject NameSchema
    {
        get
        {
            var schema = Schemas.Text(NewPrompt.MaxNameLength, minLength: 1);
            schema["pattern"] = PromptTemplateBinding.NamePattern;
            return schema;
        }
    }

    private static Field Template => new(
        "template", Schemas.NotBlank(NewPrompt.MaxTemplateLength), "Its text, with placeholders `{{name}}`.", "Report what {{client}} has to know of {{week}}.");

    private static Field Variables => new(
        "variables", Schemas.ListOf(Schemas.Text(NewPrompt.MaxVariableLength, minLength: 1), 0, NewPrompt.MaxVariables),
        "The names of its placeholders, just these. Null: whichever they are.", new JsonArray("client", "week"));

    private static Field Purpose => new("purpose", Schemas.Text(NewPrompt.MaxPurposeLength), "What it is for.", "The report of a client's week.");

    private static Field Active => new("active", Schemas.Flag, "Whether it is the version that is sent.", true);
}
