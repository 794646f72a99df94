"""The catalogue for programs."""

from decimal import Decimal
from typing import Annotated, Literal, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from pydantic import Field

from xietong.platform.people.models import Person
from xietong.platform.people.once import Key

from . import actions, queries
from .models import Group, Product, Region

router = Router(tags=["products"])


class GroupOut(Schema):
    code: str
    name_en: str
    name_zh: str


class ProductOut(Schema):
    code: str
    name_en: str
    name_zh: str
    group: GroupOut
    unit_en: str
    unit_zh: str
    storable: bool
    loss: Decimal
    mode: str
    quota: int | None
    tier: str
    orderable: bool


class ProductsOut(Schema):
    count: int
    pages: int
    items: list[ProductOut]


@router.get("/", response=ProductsOut, operation_id="list_products", summary="Search the catalogue")
def list_products(
    request: HttpRequest,
    search: str = "",
    group: str = "",
    mode: str = "",
    order: Literal["name", "group", "code"] = "name",
    page: int = 1,
    orderable: bool | None = None,
) -> ProductsOut:
    """A page of products. `search` takes English words, Chinese or pinyin."""
    found = queries.catalogue(search, group, mode, order, page, orderable=orderable)
    return ProductsOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[ProductOut.from_orm(product) for product in found],
    )


@router.get("/groups", response=list[GroupOut], operation_id="list_groups", summary="Shelves")
def list_groups(request: HttpRequest) -> list[Group]:
    """The shelves of the catalogue that hold something to order."""
    return queries.groups()


@router.get("/{code}", response=ProductOut, operation_id="get_product", summary="One product")
def get_product(request: HttpRequest, code: str) -> Product:
    """One product by its code."""
    return get_object_or_404(Product.objects.select_related("group"), code=code)


class RegionOut(Schema):
    code: str
    name_en: str
    name_zh: str


class ResidenceIn(Schema):
    # No text in PostgreSQL holds a NUL.
    region: Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")]


@router.get(
    "/regions/all", response=list[RegionOut], operation_id="list_regions", summary="Regions"
)
def list_regions(request: HttpRequest) -> list[Region]:
    """Every region, by code."""
    return queries.regions()


@router.get(
    "/residence/mine",
    response=RegionOut | None,
    operation_id="get_residence",
    summary="Where I live",
)
def get_residence(request: HttpRequest) -> Region | None:
    """The region in which I live, null if that is not written down."""
    return queries.residence_of(cast(Person, request.user))


@router.put(
    "/residence/mine", response=RegionOut, operation_id="move_to", summary="I live elsewhere now"
)
def move_to(request: HttpRequest, given: ResidenceIn, key: Key = None) -> Region:
    """From now on I live in this region; what I have ordered already stays as it was."""
    return actions.move_to(cast(Person, request.user), region=given.region, key=key).region
