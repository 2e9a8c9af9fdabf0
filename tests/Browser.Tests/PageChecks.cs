using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Son1kVers3.Browser.Tests;

/// <summary>What must hold on every page.</summary>
internal static class PageChecks
{
    /// <summary>Goes to a path and waits until its own heading is drawn and nothing is loading any more.</summary>
    public static async Task ShowAsync(this IPage page, string path)
    {
        await page.GotoAsync(path);
        await page.Locator("main h1").First.WaitForAsync(new() { State = WaitForSelectorState.Visible });
        await page.WaitForFunctionAsync("() => !document.querySelector('main [aria-busy=true]')");
    }

    /// <summary>Each rule of axe that the page breaks, with the element that breaks it.</summary>
    public static async Task<IEnumerable<string>> AccessibilityViolationsAsync(this IPage page) =>
        (await page.RunAxe()).Violations.SelectMany(rule => rule.Nodes.Select(node => $"{rule.Id}: {node.Html}"));

    /// <summary>By how many pixels the page is wider than the window.</summary>
    public static Task<int> HorizontalOverflowAsync(this IPage page) => page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth");
}
