"""One look for every field: a Django BoundField or a plain description becomes label, control, help and errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from fairway.web.templatetags.html import attributes

GROUPS = {"radio", "checkboxes"}


@dataclass(frozen=True, slots=True)
class Field:
    """What the field template shows."""

    id: str
    label: str
    control: SafeString
    required: bool
    help: str
    errors: list[str]
    group: bool
    checkbox: bool
    prefix: str = ""
    suffix: str = ""
    wide: bool = False
    confidential: bool = False


def field_of(source: BoundField | Mapping[str, Any], extra: Mapping[str, object]) -> Field:
    """Describe a field for the template; ``extra`` may hold label, help, prefix, suffix, wide and HTML attributes."""
    return _from_form(source, extra) if isinstance(source, BoundField) else _from_description(source, extra)


def _attrs_of(extra: Mapping[str, object]) -> dict[str, object]:
    ours = {"label", "help", "prefix", "suffix", "wide"}
    return {name.rstrip("_").replace("_", "-"): value for name, value in extra.items() if name not in ours}


def _from_form(bound: BoundField, extra: Mapping[str, object]) -> Field:
    widget = bound.field.widget
    group = isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
    checkbox = isinstance(widget, forms.CheckboxInput)
    attrs: dict[str, Any] = {**_attrs_of(extra), "class": _class_of(widget)}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    described = _described(
        bound.id_for_label or bound.auto_id, help_text=bool(bound.help_text), errors=bool(bound.errors)
    )
    if described and not group:
        attrs["aria-describedby"] = described
    control = _group_of(bound) if group else bound.as_widget(attrs=attrs)
    return Field(
        id=bound.id_for_label or str(bound.auto_id),
        label=str(extra.get("label") or bound.label),
        control=control,
        required=bound.field.required,
        help=str(extra.get("help") or bound.help_text or ""),
        errors=[str(error) for error in bound.errors],
        group=group,
        checkbox=checkbox,
        prefix=str(extra.get("prefix") or ""),
        suffix=str(extra.get("suffix") or ""),
        wide=bool(extra.get("wide")) or isinstance(widget, forms.Textarea) or group,
    )


def _class_of(widget: forms.Widget) -> str:
    given = str(widget.attrs.get("class", ""))
    if isinstance(widget, forms.CheckboxInput):
        return f"form-check-input {given}".strip()
    look = "form-select" if isinstance(widget, forms.Select) else "form-control"
    return f"{look} {given}".strip()


def _described(field_id: str, *, help_text: bool, errors: bool) -> str:
    return " ".join(
        [f"{field_id}_{part}" for part, there in (("help", help_text), ("error", errors)) if there],
    )


def _group_of(bound: BoundField) -> SafeString:
    return format_html_join(
        "",
        '<label class="form-check">{}<span>{}</span></label>',
        ((_tick(choice.tag(wrap_label=False)), choice.choice_label) for choice in bound.subwidgets),
    )


def _tick(control: str) -> SafeString:
    return SafeString(control.replace("<input ", '<input class="form-check-input" ', 1))


def _from_description(source: Mapping[str, Any], extra: Mapping[str, object]) -> Field:
    merged = {**source, **{name: value for name, value in extra.items() if name in Field.__slots__}}
    kind = str(merged.get("type") or "text")
    field_id = str(merged.get("id") or f"id_{merged['name']}")
    errors = merged.get("errors") or ([merged["error"]] if merged.get("error") else [])
    attrs: dict[str, object] = {**(merged.get("attrs") or {}), **_attrs_of(extra)}
    attrs["name"] = merged["name"]
    attrs["required"] = bool(merged.get("required")) and kind not in GROUPS
    if errors:
        attrs["aria-invalid"] = "true"
    described = _described(field_id, help_text=bool(merged.get("help")), errors=bool(errors))
    if described and kind not in GROUPS:
        attrs["aria-describedby"] = described
    return Field(
        id=field_id,
        label=str(merged.get("label") or ""),
        control=_control(kind, field_id, merged, attrs),
        required=bool(merged.get("required")),
        help=str(merged.get("help") or ""),
        errors=[str(error) for error in errors],
        group=kind in GROUPS,
        checkbox=kind == "checkbox",
        prefix=str(merged.get("prefix") or ""),
        suffix=str(merged.get("suffix") or ""),
        wide=bool(merged.get("wide")) or kind == "textarea" or kind in GROUPS,
        confidential=bool(merged.get("confidential")),
    )


def _control(kind: str, field_id: str, source: Mapping[str, Any], attrs: dict[str, object]) -> SafeString:
    value = source.get("value")
    shown = "" if value is None else value
    if kind == "textarea":
        return format_html(
            '<textarea id="{}" class="form-control"{}>\n{}</textarea>', field_id, attributes(attrs), shown
        )
    if kind in ("select", "multiselect"):
        return _select(field_id, source, {**attrs, "multiple": kind == "multiselect"})
    if kind in GROUPS:
        return _ticks("radio" if kind == "radio" else "checkbox", field_id, source, attrs)
    if kind == "checkbox":
        attrs = {"value": "on", **attrs, "checked": bool(value)}
        return format_html('<input type="checkbox" id="{}" class="form-check-input"{}>', field_id, attributes(attrs))
    if kind != "file":
        attrs["value"] = shown
    if source.get("placeholder"):
        attrs["placeholder"] = source["placeholder"]
    return format_html('<input type="{}" id="{}" class="form-control"{}>', kind, field_id, attributes(attrs))


def _chosen(source: Mapping[str, Any]) -> set[str]:
    value = source.get("value")
    if value is None:
        return set()
    many = isinstance(value, Iterable) and not isinstance(value, str)
    return {str(one) for one in value} if many else {str(value)}


def _select(field_id: str, source: Mapping[str, Any], attrs: Mapping[str, object]) -> SafeString:
    chosen = _chosen(source)
    options = list(source.get("options") or [])
    if not source.get("required") and not attrs.get("multiple") and not any(value == "" for value, _ in options):
        options.insert(0, ("", source.get("placeholder") or "—"))
    return format_html(
        '<select id="{}" class="form-select"{}>{}</select>',
        field_id,
        attributes(attrs),
        format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((value, attributes({"selected": str(value) in chosen}), label) for value, label in options),
        ),
    )


def _ticks(kind: str, field_id: str, source: Mapping[str, Any], attrs: Mapping[str, object]) -> SafeString:
    chosen = _chosen(source)
    return format_html_join(
        "",
        '<label class="form-check"><input type="{}" id="{}_{}" class="form-check-input" value="{}"{}{}>'
        "<span>{}</span></label>",
        (
            (kind, field_id, number, value, attributes({"checked": str(value) in chosen}), attributes(attrs), label)
            for number, (value, label) in enumerate(source.get("options") or [])
        ),
    )
