using Actors.Http;

namespace Actors.Facts;

/// <summary>What subjects, types, categories and keys may be called.</summary>
internal static class FactNames
{
    /// <summary>What <see cref="Expected"/> says, as a pattern; a required name is also more than white space.</summary>
    public const string Pattern = @"^[^\u0000-\u001f\u007f-\u009f]*$";
    public const string RequiredPattern = @"^[^\u0000-\u001f\u007f-\u009f]*[^\u0000-\u001f\u007f-\u009f\s][^\u0000-\u001f\u007f-\u009f]*$";

    private const string Expected = "must not hold control characters";

    public static string? Of(JsonObjectReader body, string name, int maxLength = CreateFactRequest.MaxNameLength, bool required = false) =>
        Checked(body.Text(name, maxLength, required), fault => body.Fault(name, fault));

    /// <summary>A subject's id: text or a whole number.</summary>
    public static string? SubjectIdOf(JsonObjectReader body) =>
        Checked(body.TextOrNumber("subject_id", CreateFactRequest.MaxSubjectIdLength, required: true), fault => body.Fault("subject_id", fault));

    public static string? Of(QueryReader query, string name, int maxLength = CreateFactRequest.MaxNameLength) =>
        Checked(query.Text(name, maxLength), fault => query.Fault(name, fault));

    /// <summary>A part of the path.</summary>
    public static string? Of(string text, string name, int maxLength, Faults faults)
    {
        if (!string.IsNullOrWhiteSpace(text) && text.Length <= maxLength)
        {
            return Checked(text, fault => faults.Add($"path:{name}", fault));
        }

        faults.Add($"path:{name}", $"must have 1 to {maxLength} characters");
        return null;
    }

    private static string? Checked(string? text, Action<string> fault)
    {
        if (text is null || !text.Any(char.IsControl))
        {
            return text;
        }

        fault(Expected);
        return null;
    }
}
